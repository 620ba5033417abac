using Crm.Api.Encryption;
using Crm.Api.Errors;
using Crm.Api.Holders;
using Crm.Api.Ledgers;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Crm.Api.Accounts;

/// <summary>
/// <c>…/holders/{holder}/accounts</c>. The ledger is asked about an account when it is linked and when it is shown by itself; where it
/// does not answer, the CRM does without, and <c>ledger.state</c> says so.
/// </summary>
internal static class AccountsApi
{
    public const string Entity = "Account";

    public static void MapHolderAccounts(this WebApplication app)
    {
        var accounts = app.MapGroup("/v1/organizations/{organization}/holders/{holder}/accounts").WithTags("Accounts").RequireTenant();
        accounts.MapPost("/", CreateAsync).Accepts<AccountBody>("application/json").WithSummary("Links an account of the ledger to a holder.");
        accounts.MapGet("/", ListAsync).WithSummary("Lists a holder's accounts, without asking the ledger.");
        accounts.MapGet("/{account}", GetAsync).WithSummary("Shows a holder's account, with what the ledger says of it.");
        accounts.MapPatch("/{account}", ChangeAsync).Accepts<AccountBody>("application/json").WithSummary("Changes a holder's account.");
        accounts.MapDelete("/{account}", DeleteAsync).WithSummary("Removes the link; the ledger's account stays.");
    }

    private static async Task<IResult> CreateAsync(
        TenantContext tenant, TenantKeys keys, LedgerClient ledger, string organization, string holder, HttpRequest request, CancellationToken cancellationToken)
    {
        var (owner, person) = Read(organization, holder);
        var body = await JsonBody.ReadAsync<AccountBody>(request);
        Check(new FieldChecks(Entity).Required("ledgerId", body.LedgerId).Uuid("ledgerId", body.LedgerId).Required("accountId", body.AccountId).Uuid("accountId", body.AccountId), body);
        await using (var look = await tenant.Database.OpenConnectionAsync(cancellationToken))
            await HolderStore.GetAsync(look, owner, person);

        // Without a connection meanwhile: there are few, and the ledger may take its time.
        var (ledgerId, accountId) = (Guid.Parse(body.LedgerId!), Guid.Parse(body.AccountId!));
        var answer = await ledger.AskAsync(request, owner, ledgerId, accountId, cancellationToken);
        if (answer.State == LedgerAnswer.Unknown)
            throw CrmErrors.UnknownInLedger();
        var data = new AccountData().With(body);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ring = await keys.GetForWritingAsync(tenant.Tenant, tenant.Database, connection);
        var row = await AccountStore.AddAsync(connection, ring, owner, person, new AccountLink(ledgerId, accountId, answer.IsConfirmed), data);
        await transaction.CommitAsync(cancellationToken);
        return Results.Created($"{request.Path}/{row.Id}", Show(row, data, answer));
    }

    private static async Task<IResult> ListAsync(
        TenantContext tenant, TenantKeys keys, string organization, string holder, Page page, CancellationToken cancellationToken)
    {
        var (owner, person) = Read(organization, holder);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await HolderStore.GetAsync(connection, owner, person);
        var rows = await AccountStore.ListAsync(connection, owner, person, page);
        var ring = await keys.GetAsync(tenant.Tenant, tenant.Database, connection, rows.Select(row => row.KeyVersion).DefaultIfEmpty().Max());
        return Results.Ok(page.Show(rows, row => row.Id, row => Show(row, AccountStore.Open(ring, row))));
    }

    private static async Task<IResult> GetAsync(
        TenantContext tenant, TenantKeys keys, LedgerClient ledger, string organization, string holder, string account, HttpRequest request, CancellationToken cancellationToken)
    {
        var ((owner, person), id) = (Read(organization, holder), PathIds.Read(Entity, account));
        AccountRow row;
        AccountData data;
        await using (var connection = await tenant.Database.OpenConnectionAsync(cancellationToken))
        {
            row = await AccountStore.GetAsync(connection, owner, person, id);
            data = AccountStore.Open(await keys.GetAsync(tenant.Tenant, tenant.Database, connection, row.KeyVersion), row);
        }

        var answer = await ledger.AskAsync(request, owner, row.LedgerId, row.AccountId, cancellationToken);
        if (answer.IsConfirmed && !row.IsConfirmed)
        {
            await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
            await AccountStore.ConfirmAsync(connection, id);
            row = row with { IsConfirmed = true };
        }

        return Results.Ok(Show(row, data, answer));
    }

    private static async Task<IResult> ChangeAsync(
        TenantContext tenant, TenantKeys keys, string organization, string holder, string account, HttpRequest request, CancellationToken cancellationToken)
    {
        var ((owner, person), id) = (Read(organization, holder), PathIds.Read(Entity, account));
        var body = await JsonBody.ReadAsync<AccountBody>(request);
        Check(new FieldChecks(Entity).That(body.LedgerId is null, "ledgerId", "cannot be changed").That(body.AccountId is null, "accountId", "cannot be changed"), body);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ring = await keys.GetForWritingAsync(tenant.Tenant, tenant.Database, connection);
        var row = await AccountStore.GetAsync(connection, owner, person, id, isForUpdate: true);
        var data = AccountStore.Open(ring, row).With(body);
        var changed = await AccountStore.SaveAsync(connection, ring, id, data);
        await transaction.CommitAsync(cancellationToken);
        return Results.Ok(Show(changed, data));
    }

    private static async Task<IResult> DeleteAsync(TenantContext tenant, string organization, string holder, string account, CancellationToken cancellationToken)
    {
        var ((owner, person), id) = (Read(organization, holder), PathIds.Read(Entity, account));
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        return await AccountStore.DeleteAsync(connection, owner, person, id) ? Results.NoContent() : throw ApiErrors.NotFound(Entity);
    }

    private static (Guid Organization, Guid Holder) Read(string organization, string holder) => (PathIds.Read("Organization", organization), PathIds.Read(HoldersApi.Entity, holder));

    private static void Check(FieldChecks checks, AccountBody body) => checks.Text("type", body.Type).Texts("bankingDetails", body.BankingDetails)
        .Date("bankingDetails.openingDate", body.BankingDetails?.OpeningDate).Metadata("metadata", body.Metadata).Done();

    private static object Show(AccountRow row, AccountData data, LedgerAnswer? answer = null) => new
    {
        row.Id,
        row.OrganizationId,
        row.HolderId,
        row.LedgerId,
        row.AccountId,
        data.Type,
        data.BankingDetails,
        data.Metadata,
        row.IsConfirmed,
        ledger = answer,
        row.CreatedAt,
        row.UpdatedAt,
    };
}
