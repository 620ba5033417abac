using System.Security.Cryptography;
using System.Text;
using Crm.Api.Encryption;
using Dapper;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Settings;
using TenantPlatform.ServiceKit.Errors;

namespace Crm.Api.Rotation;

/// <summary><c>/operations/tenants/{tenant}/keys</c>: for operators, who have <c>CRM_OPERATOR_KEY</c>; without that setting it does not exist.</summary>
internal static class KeyOperationsApi
{
    private const string Variable = "CRM_OPERATOR_KEY";
    private const int Shortest = 16;

    /// <exception cref="InvalidSettingException">The operator's key is too short.</exception>
    public static void MapKeyOperations(this WebApplication app)
    {
        if (app.Configuration[Variable] is not { } key || string.IsNullOrWhiteSpace(key))
            return;
        if (key.Length < Shortest)
            throw new InvalidSettingException(Variable, $"is unusable: use {Shortest} or more characters.");
        var expected = Hash(key);
        var operations = app.MapGroup("/operations/tenants/{tenant}/keys").WithTags("Keys").AddEndpointFilter(async (call, next) =>
            CryptographicOperations.FixedTimeEquals(Hash(call.HttpContext.Request.Headers[WireHeaders.ApiKey].ToString()), expected)
                ? await next(call)
                : throw ApiErrors.Of(401, "UNAUTHORIZED", "Unauthorized", $"The operator's key is required: send '{WireHeaders.ApiKey}'."));
        operations.MapGet("/", ShowAsync).WithSummary("Shows a tenant's data keys, what wraps them and how many rows each seals.");
        operations.MapPost("/rotate", RotateAsync).WithSummary("Gives a tenant a new data key, and seals all of its rows with it in the background.");
    }

    private static async Task<IResult> ShowAsync(string tenant, TenantWork work, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyUse> uses = [];
        await RunAsync(work, Read(tenant), async (database, stop) => uses = await UsesAsync(database, stop), cancellationToken);
        return Results.Ok(new { items = uses, isDone = uses.SkipLast(1).All(static use => use.Holders + use.Accounts == 0) });
    }

    private static async Task<IResult> RotateAsync(string tenant, TenantWork work, TenantKeys keys, ReencryptionQueue queue, CancellationToken cancellationToken)
    {
        var id = Read(tenant);
        var version = 0;
        await RunAsync(work, id, async (database, stop) => version = await keys.RotateAsync(id, database, stop), cancellationToken);
        queue.Add(id);
        return Results.Accepted($"/operations/tenants/{id.Value}/keys", new { version });
    }

    private static async Task<IReadOnlyList<KeyUse>> UsesAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<KeyUse>(
            """
            select version, master_id as master_key, created_at,
                (select count(*) from holders where key_version = version and deleted_at is null) as holders,
                (select count(*) from holder_accounts where key_version = version and deleted_at is null) as accounts
            from data_keys order by version
            """)).AsList();
    }

    private static async Task RunAsync(TenantWork work, TenantId tenant, Func<NpgsqlDataSource, CancellationToken, Task> job, CancellationToken cancellationToken)
    {
        try
        {
            if (!await work.TryRunAsync(tenant, job, cancellationToken))
                throw ApiErrors.Of(404, "TENANT_NOT_FOUND", "Tenant Not Found", "The tenant is unknown to the CRM, or is not served at present: reactivate it first.");
        }
        catch (Exception exception) when (exception is TenantDatabaseUnavailableException or TenantManagerUnavailableException)
        {
            throw ApiErrors.Unavailable();
        }
    }

    private static TenantId Read(string tenant) => TenantId.TryParse(tenant, out var id)
        ? id
        : throw ApiErrors.Of(400, "INVALID_TENANT", "Invalid Tenant", "The tenant's id is not one.");

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private sealed record KeyUse
    {
        public int Version { get; init; }

        public string MasterKey { get; init; } = string.Empty;

        public DateTime CreatedAt { get; init; }

        public long Holders { get; init; }

        public long Accounts { get; init; }
    }
}
