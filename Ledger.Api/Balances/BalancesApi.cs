using Dapper;
using Ledger.Api.Ledgers;
using Ledger.Api.Transactions;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Balances;

/// <summary><c>…/accounts/{account}/balances</c> and <c>…/accounts/{account}/operations</c>.</summary>
internal static class BalancesApi
{
    public static void MapBalances(this WebApplication app)
    {
        var account = app.MapGroup("/v1/organizations/{organization}/ledgers/{ledger}/accounts/{account}").WithTags("Balances").RequireTenant();
        account.MapGet("/balances", ListAsync).WithSummary("Lists an account's balances.");
        account.MapGet("/operations", ListOperationsAsync).WithSummary("Lists what happened to an account's balances.");
    }

    private static async Task<IResult> ListAsync(
        TenantContext tenant, string organization, string ledger, string account, Page page, CancellationToken cancellationToken)
    {
        var id = PathIds.Read("Account", account);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        var rows = await BalanceStore.OfAccountAsync(connection, owner, id);
        if (rows.Count == 0)
            throw ApiErrors.NotFound("Account");
        var organizationId = PathIds.Read("Organization", organization);
        return Results.Ok(page.Show(rows, row => row.Id, row => Show(row, organizationId)));
    }

    private static async Task<IResult> ListOperationsAsync(
        TenantContext tenant, string organization, string ledger, string account, Page page, CancellationToken cancellationToken)
    {
        var id = PathIds.Read("Account", account);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await LedgersApi.RequireAsync(connection, organization, ledger);
        if ((await BalanceStore.OfAccountAsync(connection, owner, id)).Count == 0)
            throw ApiErrors.NotFound("Account");
        var rows = (await connection.QueryAsync<OperationRow>(
            $"{OperationRow.Select} where o.account_id = @id and o.ledger_id = @owner{page.Sql("o.id")}", new { id, owner, page.Cursor, page.Limit, page.Offset })).AsList();
        return Results.Ok(page.Show(rows, row => row.Id, row => row.Show()));
    }

    private static object Show(BalanceRow row, Guid organization) => new
    {
        row.Id,
        organizationId = organization,
        row.LedgerId,
        row.AccountId,
        row.Alias,
        row.Key,
        row.AssetCode,
        row.Available,
        row.OnHold,
        row.Version,
        row.AccountType,
        row.AllowSending,
        row.AllowReceiving,
        row.CreatedAt,
        row.UpdatedAt,
        metadata = MetadataText.Show(row.Metadata),
    };
}
