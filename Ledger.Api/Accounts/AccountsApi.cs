using System.Text.RegularExpressions;
using Dapper;
using Ledger.Api.Assets;
using Ledger.Api.Ledgers;
using Ledger.Api.Validation;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Accounts;

/// <summary><c>…/ledgers/{ledger}/accounts</c>.</summary>
internal static partial class AccountsApi
{
    private const string Entity = "Account";

    public static void MapAccounts(this WebApplication app)
    {
        var accounts = app.MapGroup("/v1/organizations/{organization}/ledgers/{ledger}/accounts").WithTags("Accounts").RequireTenant();
        accounts.MapPost("/", CreateAsync).Accepts<AccountBody>("application/json").WithSummary("Creates an account with its default balance.");
        accounts.MapGet("/", ListAsync).WithSummary("Lists accounts; 'alias' finds one.");
        accounts.MapGet("/{account}", GetAsync).WithSummary("Shows an account.");
        accounts.MapPatch("/{account}", ChangeAsync).Accepts<AccountBody>("application/json").WithSummary("Changes an account.");
        accounts.MapDelete("/{account}", DeleteAsync).WithSummary("Deletes an account whose balances are zero.");
    }

    private static async Task<IResult> CreateAsync(TenantContext tenant, string organization, string ledger, HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<AccountBody>(request, LedgerJson.Reading);
        new FieldChecks(Entity).Required("name", body.Name).Required("assetCode", body.AssetCode, 100).Required("type", body.Type)
            .That(body.Alias is null || Alias().IsMatch(body.Alias), "alias", "must be 1 to 100 letters, digits, '@', ':', '_' or '-'; '@external/…' is reserved")
            .Uuid("parentAccountId", body.ParentAccountId).Uuid("portfolioId", body.PortfolioId).Uuid("segmentId", body.SegmentId)
            .Text("entityId", body.EntityId).Status(body.Status).Metadata("metadata", body.Metadata).Done();
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AssetsApi.RequireAsync(connection, owner, body.AssetCode!);
        var row = await AccountStore.AddAsync(connection, owner, body);
        await transaction.CommitAsync(cancellationToken);
        return Results.Created($"{request.Path}/{row.Id}", Show(row));
    }

    private static async Task<IResult> ListAsync(
        TenantContext tenant, string organization, string ledger, Page page, CancellationToken cancellationToken, string? alias = null)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var rows = (await connection.QueryAsync<AccountRow>(
            $"select {AccountStore.Columns} from accounts where ledger_id = @owner and deleted_at is null and (@alias::text is null or alias = @alias){page.Sql()}",
            new { owner, alias, page.Cursor, page.Limit, page.Offset })).AsList();
        return Results.Ok(page.Show(rows, row => row.Id, Show));
    }

    private static async Task<IResult> GetAsync(TenantContext tenant, string organization, string ledger, string account, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, account);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var row = await connection.QuerySingleOrDefaultAsync<AccountRow>(
            $"select {AccountStore.Columns} from accounts where id = @id and ledger_id = @owner and deleted_at is null", new { id, owner });
        return Results.Ok(Show(row ?? throw ApiErrors.NotFound(Entity)));
    }

    private static async Task<IResult> ChangeAsync(
        TenantContext tenant, string organization, string ledger, string account, HttpRequest request, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, account);
        var body = await JsonBody.ReadAsync<AccountBody>(request, LedgerJson.Reading);
        new FieldChecks(Entity).Text("name", body.Name).Status(body.Status).Metadata("metadata", body.Metadata)
            .That(body.AssetCode is null, "assetCode", "cannot be changed").That(body.Type is null, "type", "cannot be changed")
            .That(body.Alias is null, "alias", "cannot be changed").Done();
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var row = await connection.QuerySingleOrDefaultAsync<AccountRow>(
            $"""
            update accounts set name = coalesce(@Name, name), blocked = coalesce(@Blocked, blocked), status = coalesce(@Status, status),
                status_description = coalesce(@Description, status_description), metadata = coalesce(@Metadata, metadata), updated_at = now()
            where id = @id and ledger_id = @owner and deleted_at is null and not is_external returning {AccountStore.Columns}
            """,
            new { id, owner, body.Name, body.Blocked, Status = body.Status?.Code, body.Status?.Description, Metadata = MetadataText.Of(body.Metadata) });
        return Results.Ok(Show(row ?? throw ApiErrors.NotFound(Entity)));
    }

    private static async Task<IResult> DeleteAsync(TenantContext tenant, string organization, string ledger, string account, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, account);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Locked as a transaction would lock them: nobody pays into an account while it is deleted.
        var balances = (await connection.QueryAsync<decimal>(
            "select available + on_hold from balances where account_id = @id and ledger_id = @owner order by id for update", new { id, owner })).AsList();
        if (balances.Exists(balance => balance != 0))
            throw ApiErrors.WrongState(Entity, "not empty", "deleted");
        var deleted = await connection.ExecuteAsync(
            "update accounts set deleted_at = now() where id = @id and ledger_id = @owner and deleted_at is null and not is_external", new { id, owner });
        await transaction.CommitAsync(cancellationToken);
        return deleted == 1 ? Results.NoContent() : throw ApiErrors.NotFound(Entity);
    }

    private static object Show(AccountRow row) => new
    {
        row.Id,
        row.LedgerId,
        row.Name,
        row.AssetCode,
        row.Type,
        row.Alias,
        row.ParentAccountId,
        row.EntityId,
        row.PortfolioId,
        row.SegmentId,
        row.Blocked,
        status = new StatusBody(row.Status, row.StatusDescription),
        metadata = MetadataText.Show(row.Metadata),
        row.CreatedAt,
        row.UpdatedAt,
    };

    [GeneratedRegex("^[A-Za-z0-9@:_-]{1,100}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Alias();
}
