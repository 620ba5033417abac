using System.Text.Json;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Tests.Databases;

public sealed class PoolSettingsTests
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly NpgsqlConnectionStringBuilder Somewhere = new() { Host = "h", Port = 5432, Database = "d", Username = "u", Password = "p;x='y" };

    [Theory]
    [InlineData(null, null, 25, 5)]
    [InlineData(0, 0, 25, 5)]
    [InlineData(-3, -3, 25, 5)]
    [InlineData(30, 6, 30, 6)]
    [InlineData(1000, 1000, 200, 50)]
    [InlineData(2, 10, 2, 2)]
    public void Limits_Any_StayWithinTheCaps(int? open, int? idle, int expectedOpen, int expectedIdle)
    {
        var read = Read(new ConnectionSettings { MaxOpenConns = open, MaxIdleConns = idle });
        Assert.Equal((expectedOpen, expectedIdle), (read.MaxPoolSize, read.MinPoolSize));
    }

    [Fact]
    public void Limits_OfTheModule_WinOverTheTenants()
    {
        var module = new ModuleDatabases { Postgres = new PostgresDatabase { Host = "h", Port = 1, Database = "d", Username = "u" }, ConnectionSettings = new() { MaxOpenConns = 7 } };
        var config = new TenantConfig { ConnectionSettings = new() { MaxOpenConns = 9 }, Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal) { ["ledger"] = module } };
        Assert.Equal(7, new NpgsqlConnectionStringBuilder(PoolSettings.ConnectionString(config, "ledger", "ledger", ConnectTimeout)).MaxPoolSize);
    }

    [Fact]
    public void Password_WithSpecialCharacters_StaysWhole() => Assert.Equal("p;x='y", Read().Password);

    [Theory]
    [InlineData("30")]
    [InlineData("500us")]
    [InlineData("100ms")]
    [InlineData("30s")]
    [InlineData("2min")]
    [InlineData("1h")]
    [InlineData("1d")]
    public void StatementTimeout_Valid_IsSet(string timeout) => Assert.Equal($"-c statement_timeout={timeout}", Read(new() { StatementTimeout = timeout }).Options);

    [Theory]
    [InlineData("30 s")]
    [InlineData("-1")]
    [InlineData("30s -c log_statement=all")]
    [InlineData("30s\n")]
    [InlineData("s")]
    [InlineData("1w")]
    [InlineData("٣s")]
    public void StatementTimeout_Invalid_IsRefused(string timeout) => Assert.Throws<TenantDatabaseUnavailableException>(() => Read(new() { StatementTimeout = timeout }));

    [Theory]
    [InlineData("schema", "acme_1", "acme_1")]
    [InlineData("SCHEMA", "_a", "_a")]
    [InlineData("database", "acme", null)]
    [InlineData(null, "acme", null)]
    public void Schema_Mode_SetsTheSearchPath(string? isolation, string schema, string? expected) => Assert.Equal(expected, Read(isolation: isolation, schema: schema).SearchPath);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("a,public")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void Schema_MissingOrInvalid_IsRefused(string? schema) =>
        Assert.Throws<TenantDatabaseUnavailableException>(() => Read(isolation: "schema", schema: schema));

    [Theory]
    [InlineData(null, SslMode.Disable)]
    [InlineData("disable", SslMode.Disable)]
    [InlineData("allow", SslMode.Allow)]
    [InlineData("prefer", SslMode.Prefer)]
    [InlineData("require", SslMode.Require)]
    [InlineData("verify-ca", SslMode.VerifyCA)]
    [InlineData("verify-full", SslMode.VerifyFull)]
    public void SslMode_OfLibpq_IsMapped(string? mode, SslMode expected) => Assert.Equal(expected, With(mode, "h", 1).SslMode);

    [Theory]
    [InlineData("none", "h", 1)]
    [InlineData("disable", "", 1)]
    [InlineData("disable", null, 1)]
    [InlineData("disable", "h\0", 1)]
    [InlineData("disable", "h", 0)]
    [InlineData("disable", "h", 65536)]
    public void Database_Unusable_IsRefused(string mode, string? host, int port) => Assert.Throws<TenantDatabaseUnavailableException>(() => With(mode, host, port));

    [Theory]
    [InlineData("""{"id":"t","databases":{"ledger":null}}""")]
    [InlineData("""{"id":"t","databases":{"ledger":{"postgresql":null}}}""")]
    [InlineData("""{"id":"t","databases":{"ledger":{"postgresql":{"host":null,"port":1}}}}""")]
    public void Database_ThatIsNull_IsRefused(string json)
    {
        var config = JsonSerializer.Deserialize<TenantConfig>(json, ContractJson.Options)!;

        Assert.Throws<TenantDatabaseUnavailableException>(() => PoolSettings.ConnectionString(config, "ledger", "ledger", ConnectTimeout));
    }

    [Fact]
    public void Connect_Timeout_IsTaken() => Assert.Equal(3, Read().Timeout);

    private static NpgsqlConnectionStringBuilder With(string? mode, string? host, int port)
    {
        var module = new ModuleDatabases { Postgres = new PostgresDatabase { Host = host!, Port = port, Database = "d", Username = "u", SslMode = mode } };
        var config = new TenantConfig { Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal) { ["ledger"] = module } };
        return new NpgsqlConnectionStringBuilder(PoolSettings.ConnectionString(config, "ledger", "ledger", ConnectTimeout));
    }

    private static NpgsqlConnectionStringBuilder Read(ConnectionSettings? limits = null, string? isolation = null, string? schema = null) =>
        new(PoolSettings.ConnectionString(Configs.For("t", Somewhere, revision: 1, limits, isolation, schema), "ledger", "ledger", ConnectTimeout));
}
