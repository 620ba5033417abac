using System.Text.RegularExpressions;
using Dapper;
using Ledger.Api.Accounts;
using Ledger.Api.Errors;
using Ledger.Api.Ledgers;
using Ledger.Api.Validation;
using Npgsql;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Assets;

/// <summary><c>…/ledgers/{ledger}/assets</c>.</summary>
internal static partial class AssetsApi
{
    private const string Entity = "Asset";
    private const string Columns = "id, ledger_id, name, type, code, status, status_description, metadata, created_at, updated_at";

    public static void MapAssets(this WebApplication app)
    {
        var assets = app.MapGroup("/v1/organizations/{organization}/ledgers/{ledger}/assets").WithTags("Assets").RequireTenant();
        assets.MapPost("/", CreateAsync).Accepts<AssetBody>("application/json").WithSummary("Creates an asset and its external account.");
        assets.MapGet("/", ListAsync).WithSummary("Lists assets.");
        assets.MapGet("/{asset}", GetAsync).WithSummary("Shows an asset.");
        assets.MapPatch("/{asset}", ChangeAsync).Accepts<AssetBody>("application/json").WithSummary("Changes an asset.");
        assets.MapDelete("/{asset}", DeleteAsync).WithSummary("Deletes an asset.");
    }

    /// <summary>Makes sure that an asset is there.</summary>
    /// <exception cref="ApiException">It is not.</exception>
    public static async Task RequireAsync(NpgsqlConnection connection, Guid ledger, string code)
    {
        if (!await connection.ExecuteScalarAsync<bool>("select exists (select from assets where ledger_id = @ledger and code = @code and deleted_at is null)", new { ledger, code }))
            throw LedgerErrors.UnknownAsset(code);
    }

    private static async Task<IResult> CreateAsync(
        TenantContext tenant, string organization, string ledger, HttpRequest request, AssetCodes codes, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<AssetBody>(request, LedgerJson.Reading);
        new FieldChecks(Entity).Required("name", body.Name).Required("type", body.Type, 100).Required("code", body.Code, 100)
            .That(body.Code is null || Code().IsMatch(body.Code), "code", "must be 1 to 100 of A-Z and 0-9, a letter first")
            .Status(body.Status).Metadata("metadata", body.Metadata).Done();
        await codes.CheckAsync(body.Type!, body.Code!, cancellationToken);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var row = await connection.QuerySingleAsync<AssetRow>(
                $"""
                insert into assets (id, ledger_id, name, type, code, status, status_description, metadata)
                values (@Id, @owner, @Name, @Type, @Code, @Status, @Description, @Metadata) returning {Columns}
                """,
                new { Id = Guid.CreateVersion7(), owner, body.Name, body.Type, body.Code, Status = body.Status?.Code ?? StatusBody.Active, body.Status?.Description, Metadata = MetadataText.Of(body.Metadata) });
            await AccountStore.AddExternalAsync(connection, owner, row.Code);
            await transaction.CommitAsync(cancellationToken);
            return Results.Created($"{request.Path}/{row.Id}", Show(row));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw LedgerErrors.CodeTaken(body.Code!);
        }
    }

    private static async Task<IResult> ListAsync(TenantContext tenant, string organization, string ledger, Page page, CancellationToken cancellationToken)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var rows = (await connection.QueryAsync<AssetRow>(
            $"select {Columns} from assets where ledger_id = @owner and deleted_at is null{page.Sql()}", new { owner, page.Cursor, page.Limit, page.Offset })).AsList();
        return Results.Ok(page.Show(rows, row => row.Id, Show));
    }

    private static async Task<IResult> GetAsync(TenantContext tenant, string organization, string ledger, string asset, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, asset);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var row = await connection.QuerySingleOrDefaultAsync<AssetRow>($"select {Columns} from assets where id = @id and ledger_id = @owner and deleted_at is null", new { id, owner });
        return Results.Ok(Show(row ?? throw ApiErrors.NotFound(Entity)));
    }

    private static async Task<IResult> ChangeAsync(TenantContext tenant, string organization, string ledger, string asset, HttpRequest request, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, asset);
        var body = await JsonBody.ReadAsync<AssetBody>(request, LedgerJson.Reading);
        new FieldChecks(Entity).Text("name", body.Name).Status(body.Status).Metadata("metadata", body.Metadata)
            .That(body.Code is null, "code", "cannot be changed").That(body.Type is null, "type", "cannot be changed").Done();
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var row = await connection.QuerySingleOrDefaultAsync<AssetRow>(
            $"""
            update assets set name = coalesce(@Name, name), status = coalesce(@Status, status),
                status_description = coalesce(@Description, status_description), metadata = coalesce(@Metadata, metadata), updated_at = now()
            where id = @id and ledger_id = @owner and deleted_at is null returning {Columns}
            """,
            new { id, owner, body.Name, Status = body.Status?.Code, body.Status?.Description, Metadata = MetadataText.Of(body.Metadata) });
        return Results.Ok(Show(row ?? throw ApiErrors.NotFound(Entity)));
    }

    private static async Task<IResult> DeleteAsync(TenantContext tenant, string organization, string ledger, string asset, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, asset);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var deleted = await connection.ExecuteAsync("update assets set deleted_at = now() where id = @id and ledger_id = @owner and deleted_at is null", new { id, owner });
        return deleted == 1 ? Results.NoContent() : throw ApiErrors.NotFound(Entity);
    }

    private static object Show(AssetRow row) => new
    {
        row.Id,
        row.LedgerId,
        row.Name,
        row.Type,
        row.Code,
        status = new StatusBody(row.Status, row.StatusDescription),
        metadata = MetadataText.Show(row.Metadata),
        row.CreatedAt,
        row.UpdatedAt,
    };

    [GeneratedRegex("^[A-Z][A-Z0-9]{0,99}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
