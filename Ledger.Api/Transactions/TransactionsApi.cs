using System.Text.Json;
using Dapper;
using Ledger.Api.Idempotency;
using Ledger.Api.Ledgers;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Transactions;

/// <summary><c>…/ledgers/{ledger}/transactions</c>.</summary>
internal static class TransactionsApi
{
    private const string Entity = "Transaction";

    public static void MapTransactions(this WebApplication app)
    {
        var transactions = app.MapGroup("/v1/organizations/{organization}/ledgers/{ledger}/transactions").WithTags("Transactions").RequireTenant();
        transactions.MapPost("/json", CreateAsync).Accepts<TransactionBody>("application/json").WithSummary("Moves money, or holds it when pending.");
        transactions.MapGet("/", ListAsync).WithSummary("Lists transactions.");
        transactions.MapGet("/{transaction}", GetAsync).WithSummary("Shows a transaction with its operations.");
        transactions.MapPatch("/{transaction}", ChangeAsync).Accepts<TransactionPatch>("application/json").WithSummary("Changes a transaction's description and metadata.");
        transactions.MapPost("/{transaction}/commit", CommitAsync).WithSummary("Moves the money of a pending transaction.");
        transactions.MapPost("/{transaction}/cancel", CancelAsync).WithSummary("Gives the money of a pending transaction back.");
    }

    private static async Task<IResult> CreateAsync(
        TenantContext tenant, string organization, string ledger, HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<TransactionBody>(request, LedgerJson.Reading);
        var legs = TransactionValidation.Check(body, time.GetUtcNow());
        var ids = LedgerIds.Read(organization, ledger);
        var key = IdempotencyKey.Read(request, ids.Ledger, body);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var opening = await TransactionStore.OpenAsync(connection, ids, body.Send!.Asset!, legs, key, cancellationToken);
        if (opening.Earlier is { } earlier)
        {
            request.HttpContext.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
            return Results.Content(earlier.Answer, "application/json", statusCode: earlier.Status);
        }

        var (row, sheet) = TransactionStore.Create(ids.Ledger, body, legs, opening);
        var answer = JsonSerializer.Serialize(row.Show(sheet.Operations), LedgerJson.Writing);
        await TransactionStore.SaveAsync(connection, row, sheet, key, answer, cancellationToken);
        return Results.Content(answer, "application/json", statusCode: StatusCodes.Status201Created);
    }

    private static Task<IResult> CommitAsync(TenantContext tenant, string organization, string ledger, string transaction, CancellationToken cancellationToken) =>
        EndAsync(tenant, organization, ledger, transaction, TransactionStatus.Approved, cancellationToken);

    private static Task<IResult> CancelAsync(TenantContext tenant, string organization, string ledger, string transaction, CancellationToken cancellationToken) =>
        EndAsync(tenant, organization, ledger, transaction, TransactionStatus.Canceled, cancellationToken);

    private static async Task<IResult> EndAsync(
        TenantContext tenant, string organization, string ledger, string transaction, string status, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, transaction);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        await using var change = await connection.BeginTransactionAsync(cancellationToken);
        var (row, operations) = await TransactionStore.EndAsync(connection, owner, id, status, cancellationToken);
        return Results.Ok(row.Show(operations));
    }

    private static async Task<IResult> ListAsync(TenantContext tenant, string organization, string ledger, Page page, CancellationToken cancellationToken)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var rows = (await connection.QueryAsync<TransactionRow>(
            $"select {TransactionRow.Columns} from transactions where ledger_id = @owner{page.Sql()}", new { owner, page.Cursor, page.Limit, page.Offset })).AsList();
        return Results.Ok(page.Show(rows, row => row.Id, row => row.Show()));
    }

    private static async Task<IResult> GetAsync(TenantContext tenant, string organization, string ledger, string transaction, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, transaction);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var row = await connection.QuerySingleOrDefaultAsync<TransactionRow>(
            $"select {TransactionRow.Columns} from transactions where id = @id and ledger_id = @owner", new { id, owner }) ?? throw ApiErrors.NotFound(Entity);
        var operations = await connection.QueryAsync<OperationRow>($"{OperationRow.Select} where o.transaction_id = @id order by o.id", new { id });
        return Results.Ok(row.Show(operations));
    }

    private static async Task<IResult> ChangeAsync(
        TenantContext tenant, string organization, string ledger, string transaction, HttpRequest request, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, transaction);
        var body = await JsonBody.ReadAsync<TransactionPatch>(request, LedgerJson.Reading);
        new FieldChecks(Entity).Text("description", body.Description).Metadata("metadata", body.Metadata).Done();
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var row = await connection.QuerySingleOrDefaultAsync<TransactionRow>(
            $"""
            update transactions set description = coalesce(@Description, description), metadata = coalesce(@metadata, metadata), updated_at = now()
            where id = @id and ledger_id = @owner returning {TransactionRow.Columns}
            """,
            new { id, owner, body.Description, metadata = MetadataText.Of(body.Metadata) });
        return Results.Ok((row ?? throw ApiErrors.NotFound(Entity)).Show());
    }

    internal sealed record TransactionPatch(string? Description = null, IReadOnlyDictionary<string, JsonElement>? Metadata = null);
}
