using Npgsql;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>Least privilege: a tenant's role can use its own data and nothing else, tried with real logins.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ProvisioningTests(ManagerHost host)
{
    [Theory]
    [InlineData("isolated")]
    [InlineData("schema")]
    public async Task Role_CanUseItsOwnData(string mode)
    {
        var (_, config) = await host.CreateAssociatedAsync($"svc-{mode}", mode);

        await ExecuteAsync(ManagerHost.ConnectionString(config, $"svc-{mode}"), "create table notes (text text); insert into notes values ('mine')");

        Assert.Equal(1L, await ScalarAsync(ManagerHost.ConnectionString(config, $"svc-{mode}"), "select count(*) from notes"));
    }

    [Fact]
    public async Task Role_CannotConnectToAnybodyElsesDatabase()
    {
        var (_, config) = await host.CreateAssociatedAsync();
        var (_, other) = await host.CreateAssociatedAsync();
        var others = other.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("database").GetString();
        var state = new NpgsqlConnectionStringBuilder(host.StateConnectionString).Database;

        foreach (var database in new[] { others, state, "postgres", "template1" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(ManagerHost.ConnectionString(config, database: database), "select 1"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task Role_InASharedDatabase_CannotReadAnotherSchema()
    {
        var (_, first) = await host.CreateAssociatedAsync("shared", "schema");
        var (_, second) = await host.CreateAssociatedAsync("shared", "schema");
        await ExecuteAsync(ManagerHost.ConnectionString(first, "shared"), "create table notes (text text)");
        var schema = first.GetProperty("databases").GetProperty("shared").GetProperty("postgresql").GetProperty("schema").GetString();

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ScalarAsync(ManagerHost.ConnectionString(second, "shared"), $"select count(*) from \"{schema}\".notes"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Concurrency_TenantsOfOneSharedDatabase_AreAllProvisioned_AndAllRemoved()
    {
        const string Service = "crowded";
        var tenants = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.CreateTenantAsync()));

        var made = await Task.WhenAll(tenants.Select(
            tenant => host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/{Service}", new { isolationMode = "schema" })));
        Assert.All(made, answer => Assert.Equal(201, answer.Status));

        var removed = await Task.WhenAll(tenants.Select(tenant => host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}/associations/{Service}")));
        Assert.All(removed, answer => Assert.Equal(200, answer.Status));
    }

    [Theory]
    [InlineData("create role intruder")]
    [InlineData("create database intruder")]
    [InlineData("alter role current_user superuser")]
    public async Task Role_CannotRaiseItself(string statement)
    {
        var (_, config) = await host.CreateAssociatedAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(ManagerHost.ConnectionString(config), statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Rotation_EndsTheOldPassword()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate")).Status);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(ManagerHost.ConnectionString(config), "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        Assert.Equal(1, await ScalarAsync(ManagerHost.ConnectionString((await host.ConnectionsAsync(tenant)).Body), "select 1"));
    }

    [Theory]
    [InlineData("isolated")]
    [InlineData("schema")]
    public async Task Purge_RemovesRoleAndData_AndDeniesFromThenOn(string mode)
    {
        var service = $"purge-{mode}";
        var (tenant, config) = await host.CreateAssociatedAsync(service, mode);

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}/associations/{service}")).Status);

        var denied = await host.ConnectionsAsync(tenant, service);
        Assert.Equal((403, "purged"), (denied.Status, denied.Body.GetProperty("status").GetString()));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(ManagerHost.ConnectionString(config, service), "select 1"));
        var role = config.GetProperty("databases").GetProperty(service).GetProperty("postgresql").GetProperty("username").GetString();
        Assert.Equal(0L, await ScalarAsync(host.Postgres.AdminConnectionString, $"select count(*) from pg_roles where rolname = '{role}'"));
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}/associations/{service}", new { maxOpenConns = 7 })).Status);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
