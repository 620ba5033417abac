using Dapper;
using Ledger.Api.Organizations;
using Ledger.Api.Storage;
using Ledger.Api.Validation;
using Npgsql;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Ledgers;

/// <summary><c>/v1/organizations/{organization}/ledgers</c>.</summary>
internal static class LedgersApi
{
    public const string Entity = "Ledger";
    private const string Columns = "id, organization_id, name, status, status_description, metadata, created_at, updated_at";

    public static void MapLedgers(this WebApplication app)
    {
        var ledgers = app.MapGroup("/v1/organizations/{organization}/ledgers").WithTags("Ledgers").RequireTenant();
        ledgers.MapPost("/", CreateAsync).Accepts<LedgerBody>("application/json").WithSummary("Creates a ledger.");
        ledgers.MapGet("/", ListAsync).WithSummary("Lists ledgers.");
        ledgers.MapGet("/{ledger}", GetAsync).WithSummary("Shows a ledger.");
        ledgers.MapPatch("/{ledger}", ChangeAsync).Accepts<LedgerBody>("application/json").WithSummary("Changes a ledger.");
        ledgers.MapDelete("/{ledger}", DeleteAsync).WithSummary("Deletes a ledger.");
    }

    /// <summary>Makes sure that a ledger is there, in the organization that the path names.</summary>
    /// <exception cref="ApiException">It is not.</exception>
    public static async Task<Guid> RequireAsync(NpgsqlConnection connection, string organization, string ledger)
    {
        var ids = LedgerIds.Read(organization, ledger);
        await using var command = new NpgsqlCommand($"select {LedgerIds.Exists}", connection);
        command.Parameters.Add(Batches.Of(ids.Ledger));
        command.Parameters.Add(Batches.Of(ids.Organization));
        return (bool)(await command.ExecuteScalarAsync())! ? ids.Ledger : throw ApiErrors.NotFound(Entity);
    }

    private static async Task<IResult> CreateAsync(TenantContext tenant, string organization, HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<LedgerBody>(request, LedgerJson.Reading);
        Check(body, isNew: true);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await OrganizationsApi.RequireAsync(connection, organization);
        var row = await connection.QuerySingleAsync<LedgerRow>(
            $"""
            insert into ledgers (id, organization_id, name, status, status_description, metadata)
            values (@Id, @owner, @Name, @Status, @Description, @Metadata) returning {Columns}
            """,
            new { Id = Guid.CreateVersion7(), owner, body.Name, Status = body.Status?.Code ?? StatusBody.Active, body.Status?.Description, Metadata = MetadataText.Of(body.Metadata) });
        return Results.Created($"/v1/organizations/{owner}/ledgers/{row.Id}", Show(row));
    }

    private static async Task<IResult> ListAsync(TenantContext tenant, string organization, Page page, CancellationToken cancellationToken)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var owner = await OrganizationsApi.RequireAsync(connection, organization);
        var rows = (await connection.QueryAsync<LedgerRow>(
            $"select {Columns} from ledgers where organization_id = @owner and deleted_at is null{page.Sql()}",
            new { owner, page.Cursor, page.Limit, page.Offset })).AsList();
        return Results.Ok(page.Show(rows, row => row.Id, Show));
    }

    private static async Task<IResult> GetAsync(TenantContext tenant, string organization, string ledger, CancellationToken cancellationToken)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var id = await RequireAsync(connection, organization, ledger);
        return Results.Ok(Show(await connection.QuerySingleAsync<LedgerRow>($"select {Columns} from ledgers where id = @id", new { id })));
    }

    private static async Task<IResult> ChangeAsync(TenantContext tenant, string organization, string ledger, HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<LedgerBody>(request, LedgerJson.Reading);
        Check(body, isNew: false);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var id = await RequireAsync(connection, organization, ledger);
        return Results.Ok(Show(await connection.QuerySingleAsync<LedgerRow>(
            $"""
            update ledgers set name = coalesce(@Name, name), status = coalesce(@Status, status),
                status_description = coalesce(@Description, status_description), metadata = coalesce(@Metadata, metadata), updated_at = now()
            where id = @id returning {Columns}
            """,
            new { id, body.Name, Status = body.Status?.Code, body.Status?.Description, Metadata = MetadataText.Of(body.Metadata) })));
    }

    private static async Task<IResult> DeleteAsync(TenantContext tenant, string organization, string ledger, CancellationToken cancellationToken)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var id = await RequireAsync(connection, organization, ledger);
        await connection.ExecuteAsync("update ledgers set deleted_at = now() where id = @id", new { id });
        return Results.NoContent();
    }

    private static void Check(LedgerBody body, bool isNew)
    {
        var checks = new FieldChecks(Entity).Status(body.Status).Metadata("metadata", body.Metadata);
        if (isNew || body.Name is not null)
            checks.Required("name", body.Name);
        checks.Done();
    }

    private static object Show(LedgerRow row) => new
    {
        row.Id,
        row.OrganizationId,
        row.Name,
        status = new StatusBody(row.Status, row.StatusDescription),
        metadata = MetadataText.Show(row.Metadata),
        row.CreatedAt,
        row.UpdatedAt,
    };
}
