using System.Text;
using Npgsql;
using NpgsqlTypes;
using TenantManager.Api.Security;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>
/// Makes tenants in the tenant-manager's state, and takes them out again, as copies of one that was made in order: making a database for
/// each would measure PostgreSQL. The change feed tells of them like of any other.
/// </summary>
internal sealed class ChurnState : IAsyncDisposable
{
    private const string Service = "ledger";

    private const string Tenants = """
        insert into tenants select (jsonb_populate_record(one, jsonb_build_object('id', copy.id, 'slug', 'soak-' || copy.id))).*
        from tenants one, unnest($2) as copy (id) where one.id = $1
        """;

    private const string Associations = """
        insert into associations select (jsonb_populate_record(one, jsonb_build_object('tenant_id', copy.id, 'status', copy.status, 'password', copy.password))).*
        from associations one, unnest($2, $3, $4) as copy (id, status, password) where one.tenant_id = $1 and one.service = 'ledger'
        """;

    private readonly NpgsqlDataSource _state;
    private readonly SecretProtector _protector;
    private readonly string _template;
    private readonly string _password;

    private ChurnState(NpgsqlDataSource state, SecretProtector protector, string template, string password) =>
        (_state, _protector, _template, _password) = (state, protector, template, password);

    /// <summary>Takes the tenant as what the others are copies of; it must be associated with the ledger.</summary>
    public static async Task<ChurnState> OpenAsync(RunningPlatform platform, Tenant template, CancellationToken cancellationToken)
    {
        var state = NpgsqlDataSource.Create(await platform.ConnectionStringAsync("tenant-manager-state", cancellationToken));
        var protector = new SecretProtector(Encoding.UTF8.GetBytes(platform.SecretsKey));
        await using var command = state.CreateCommand("select password from associations where tenant_id = $1 and service = 'ledger'");
        command.Parameters.Add(Text(template.Id));
        var password = (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
        return new ChurnState(state, protector, template.Id, protector.Unprotect(password, OwnerOf(template.Id)));
    }

    public async Task MakeAsync(IReadOnlyList<ChurnedTenant> tenants, CancellationToken cancellationToken)
    {
        var ids = Texts([.. tenants.Select(tenant => tenant.Id)]);
        await ExecuteAsync(Tenants, cancellationToken, Text(_template), ids);
        var statuses = Texts([.. tenants.Select(tenant => tenant.Kind == ChurnKind.Refused ? "suspended" : "active")]);

        // A password is sealed to whom it belongs to.
        byte[][] passwords = [.. tenants.Select(tenant => _protector.Protect(_password, OwnerOf(tenant.Id)))];
        await ExecuteAsync(Associations, cancellationToken, Text(_template), ids.Clone(), statuses, new NpgsqlParameter { Value = passwords, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
    }

    public async Task RemoveAsync(IReadOnlyList<ChurnedTenant> tenants, CancellationToken cancellationToken)
    {
        var ids = Texts([.. tenants.Select(tenant => tenant.Id)]);
        await ExecuteAsync("delete from associations where tenant_id = any($1)", cancellationToken, ids);
        await ExecuteAsync("delete from tenants where id = any($1)", cancellationToken, ids.Clone());
    }

    public ValueTask DisposeAsync() => _state.DisposeAsync();

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = _state.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string OwnerOf(string tenant) => $"{tenant}/{Service}";

    private static NpgsqlParameter Text(string text) => new() { Value = text };

    private static NpgsqlParameter Texts(string[] texts) => new() { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
