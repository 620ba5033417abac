using Dapper;
using Ledger.Api.Validation;
using Npgsql;
using TenantManager.Client;
using TenantManager.Client.Middleware;
using TenantPlatform.ServiceDefaults.Http;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Organizations;

/// <summary><c>/v1/organizations</c>.</summary>
internal static class OrganizationsApi
{
    private const string Entity = "Organization";
    private const string Columns = "id, legal_name, legal_document, doing_business_as, status, status_description, metadata, created_at, updated_at";

    public static void MapOrganizations(this WebApplication app)
    {
        var organizations = app.MapGroup("/v1/organizations").WithTags("Organizations").RequireTenant();
        organizations.MapPost("/", CreateAsync).Accepts<OrganizationBody>("application/json").WithSummary("Creates an organization.");
        organizations.MapGet("/", ListAsync).WithSummary("Lists organizations.");
        organizations.MapGet("/{organization}", GetAsync).WithSummary("Shows an organization.");
        organizations.MapPatch("/{organization}", ChangeAsync).Accepts<OrganizationBody>("application/json").WithSummary("Changes an organization.");
        organizations.MapDelete("/{organization}", DeleteAsync).WithSummary("Deletes an organization.");
    }

    /// <summary>Makes sure that an organization is there.</summary>
    /// <exception cref="ApiException">It is not.</exception>
    public static async Task<Guid> RequireAsync(NpgsqlConnection connection, string organization)
    {
        var id = PathIds.Read(Entity, organization);
        return await connection.ExecuteScalarAsync<bool>("select exists (select from organizations where id = @id and deleted_at is null)", new { id })
            ? id
            : throw ApiErrors.NotFound(Entity);
    }

    private static async Task<IResult> CreateAsync(TenantContext tenant, HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<OrganizationBody>(request, LedgerJson.Reading);
        Check(body, isNew: true);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleAsync<OrganizationRow>(
            $"""
            insert into organizations (id, legal_name, legal_document, doing_business_as, status, status_description, metadata)
            values (@Id, @LegalName, @LegalDocument, @DoingBusinessAs, @Status, @Description, @Metadata) returning {Columns}
            """,
            new
            {
                Id = Guid.CreateVersion7(),
                body.LegalName,
                body.LegalDocument,
                body.DoingBusinessAs,
                Status = body.Status?.Code ?? StatusBody.Active,
                body.Status?.Description,
                Metadata = MetadataText.Of(body.Metadata),
            });
        return Results.Created($"/v1/organizations/{row.Id}", Show(row));
    }

    private static async Task<IResult> ListAsync(TenantContext tenant, Page page, CancellationToken cancellationToken)
    {
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<OrganizationRow>($"select {Columns} from organizations where deleted_at is null{page.Sql()}", page)).AsList();
        return Results.Ok(page.Show(rows, row => row.Id, Show));
    }

    private static async Task<IResult> GetAsync(TenantContext tenant, string organization, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, organization);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<OrganizationRow>($"select {Columns} from organizations where id = @id and deleted_at is null", new { id });
        return Results.Ok(Show(row ?? throw ApiErrors.NotFound(Entity)));
    }

    private static async Task<IResult> ChangeAsync(TenantContext tenant, string organization, HttpRequest request, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, organization);
        var body = await JsonBody.ReadAsync<OrganizationBody>(request, LedgerJson.Reading);
        Check(body, isNew: false);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<OrganizationRow>(
            $"""
            update organizations set legal_name = coalesce(@LegalName, legal_name), legal_document = coalesce(@LegalDocument, legal_document),
                doing_business_as = coalesce(@DoingBusinessAs, doing_business_as), status = coalesce(@Status, status),
                status_description = coalesce(@Description, status_description), metadata = coalesce(@Metadata, metadata), updated_at = now()
            where id = @id and deleted_at is null returning {Columns}
            """,
            new { id, body.LegalName, body.LegalDocument, body.DoingBusinessAs, Status = body.Status?.Code, body.Status?.Description, Metadata = MetadataText.Of(body.Metadata) });
        return Results.Ok(Show(row ?? throw ApiErrors.NotFound(Entity)));
    }

    private static async Task<IResult> DeleteAsync(TenantContext tenant, string organization, CancellationToken cancellationToken)
    {
        var id = PathIds.Read(Entity, organization);
        await using var connection = await tenant.Database.OpenConnectionAsync(cancellationToken);
        var deleted = await connection.ExecuteAsync("update organizations set deleted_at = now() where id = @id and deleted_at is null", new { id });
        return deleted == 1 ? Results.NoContent() : throw ApiErrors.NotFound(Entity);
    }

    private static void Check(OrganizationBody body, bool isNew)
    {
        var checks = new FieldChecks(Entity).Text("doingBusinessAs", body.DoingBusinessAs).Status(body.Status).Metadata("metadata", body.Metadata);
        if (isNew || body.LegalName is not null)
            checks.Required("legalName", body.LegalName);
        if (isNew || body.LegalDocument is not null)
            checks.Required("legalDocument", body.LegalDocument);
        checks.Done();
    }

    private static object Show(OrganizationRow row) => new
    {
        row.Id,
        row.LegalName,
        row.LegalDocument,
        row.DoingBusinessAs,
        status = new StatusBody(row.Status, row.StatusDescription),
        metadata = MetadataText.Show(row.Metadata),
        row.CreatedAt,
        row.UpdatedAt,
    };
}
