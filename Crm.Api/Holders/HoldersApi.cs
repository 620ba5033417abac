using Crm.Api.Encryption;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Crm.Api.Holders;

/// <summary><c>/v1/organizations/{organization}/holders</c>. The organization is the ledger's, and is taken as it comes.</summary>
internal static class HoldersApi
{
    public const string Entity = "Holder";

    public static void MapHolders(this WebApplication app)
    {
        var holders = app.MapGroup("/v1/organizations/{organization}/holders").WithTags("Holders").RequireTenant();
        holders.MapPost("/", CreateAsync).Accepts<HolderBody>("application/json").WithSummary("Creates a holder.");
        holders.MapPost("/search", SearchAsync).Accepts<SearchBody>("application/json").WithSummary("Finds the holder with exactly this document.");
        holders.MapGet("/", ListAsync).WithSummary("Lists holders.");
        holders.MapGet("/{holder}", GetAsync).WithSummary("Shows a holder.");
        holders.MapPatch("/{holder}", ChangeAsync).Accepts<HolderBody>("application/json").WithSummary("Changes a holder, but not its type or document.");
        holders.MapDelete("/{holder}", DeleteAsync).WithSummary("Deletes a holder without accounts, and erases who it was.");
    }

    private static async Task<IResult> CreateAsync(
        TenantContext tenant, TenantKeys keys, Countries countries, string organization, HttpRequest request, CancellationToken cancellationToken)
    {
        var owner = PathIds.Read("Organization", organization);
        var body = await JsonBody.ReadAsync<HolderBody>(request);
        HolderChecks.New(body, await countries.ForAsync(body, cancellationToken));
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ring = await keys.GetForWritingAsync(tenant.Tenant, tenant.Database, connection);
        var data = HolderData.Of(body);
        var row = await HolderStore.AddAsync(connection, ring, owner, body.Type!, data);
        await transaction.CommitAsync(cancellationToken);
        return Results.Created($"{request.Path}/{row.Id}", Show(row, data));
    }

    private static async Task<IResult> SearchAsync(TenantContext tenant, TenantKeys keys, string organization, HttpRequest request, CancellationToken cancellationToken)
    {
        var owner = PathIds.Read("Organization", organization);
        var body = await JsonBody.ReadAsync<SearchBody>(request);
        new FieldChecks(Entity).That(Document.IsUsable(body.Document), "document", "is required: at most 100 characters, letters or digits among them").Done();
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);

        // Under one snapshot: of keys and rows that are read one after the other, a rotation may have come between.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ring = await keys.GetForWritingAsync(tenant.Tenant, tenant.Database, connection);
        var row = await HolderStore.FindAsync(connection, ring, owner, Document.Value(owner, body.Document!));
        await transaction.CommitAsync(cancellationToken);
        return Results.Ok(new { items = row is null ? [] : new[] { Show(row, HolderStore.Open(ring, row)) } });
    }

    private static async Task<IResult> ListAsync(
        TenantContext tenant, TenantKeys keys, string organization, Page page, HttpRequest request, CancellationToken cancellationToken)
    {
        var owner = PathIds.Read("Organization", organization);
        if (request.Query.ContainsKey("document"))
            throw ApiErrors.InvalidField("Query", "document", "must not travel in an address: use POST …/holders/search");
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var rows = await HolderStore.ListAsync(connection, owner, page);
        var ring = await keys.GetAsync(tenant.Tenant, tenant.Database, connection, rows.Select(row => row.KeyVersion).DefaultIfEmpty().Max());
        return Results.Ok(page.Show(rows, row => row.Id, row => Show(row, HolderStore.Open(ring, row))));
    }

    private static async Task<IResult> GetAsync(TenantContext tenant, TenantKeys keys, string organization, string holder, CancellationToken cancellationToken)
    {
        var (owner, id) = (PathIds.Read("Organization", organization), PathIds.Read(Entity, holder));
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var row = await HolderStore.GetAsync(connection, owner, id);
        var ring = await keys.GetAsync(tenant.Tenant, tenant.Database, connection, row.KeyVersion);
        return Results.Ok(Show(row, HolderStore.Open(ring, row)));
    }

    private static async Task<IResult> ChangeAsync(
        TenantContext tenant, TenantKeys keys, Countries countries, string organization, string holder, HttpRequest request, CancellationToken cancellationToken)
    {
        var (owner, id) = (PathIds.Read("Organization", organization), PathIds.Read(Entity, holder));
        var body = await JsonBody.ReadAsync<HolderBody>(request);
        var known = await countries.ForAsync(body, cancellationToken); // without a connection meanwhile
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ring = await keys.GetForWritingAsync(tenant.Tenant, tenant.Database, connection);
        var row = await HolderStore.GetAsync(connection, owner, id, isForUpdate: true);
        HolderChecks.Change(body, row.Type, known);
        var data = HolderStore.Open(ring, row).With(body);
        var changed = await HolderStore.SaveAsync(connection, ring, row, data);
        await transaction.CommitAsync(cancellationToken);
        return Results.Ok(Show(changed, data));
    }

    private static async Task<IResult> DeleteAsync(TenantContext tenant, string organization, string holder, CancellationToken cancellationToken)
    {
        var (owner, id) = (PathIds.Read("Organization", organization), PathIds.Read(Entity, holder));
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await HolderStore.GetAsync(connection, owner, id, isForUpdate: true);
        await HolderStore.DeleteAsync(connection, id);
        await transaction.CommitAsync(cancellationToken);
        return Results.NoContent();
    }

    private static object Show(HolderRow row, HolderData data) => new
    {
        row.Id,
        row.OrganizationId,
        row.Type,
        data.Name,
        data.Document,
        data.ExternalId,
        data.Addresses,
        data.Contact,
        data.NaturalPerson,
        data.LegalPerson,
        data.Metadata,
        row.CreatedAt,
        row.UpdatedAt,
    };
}
