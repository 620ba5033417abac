using Microsoft.Extensions.Configuration;
using TenantManager.Api.Configuration;
using TenantManager.Contracts.Settings;

namespace TenantManager.Api.Tests;

/// <summary>Wrong configuration ends the process at start, naming the variable.</summary>
public sealed class SettingsTests
{
    private static readonly Dictionary<string, string?> Right = new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:tenant-manager"] = "Host=h;Username=u;Password=state-secret",
        ["ConnectionStrings:postgres"] = "Host=h;Port=5433;Username=u;Password=server-secret",
        ["TENANT_MANAGER_API_KEYS"] = "0123456789abcdef,fedcba9876543210",
        ["TENANT_MANAGER_SECRETS_KEY"] = "0123456789abcdef0123456789abcdef",
        ["ENV_NAME"] = "test",
        ["AUTH_SIGNING_KEY"] = "0123456789abcdef0123456789abcdef",
    };

    [Fact]
    public void RightSettings_AreRead()
    {
        var options = Read([]);

        Assert.Equal(("h", 5433, 2), (options.DatabaseHost, options.DatabasePort, options.ApiKeys.Count));
    }

    [Theory]
    [InlineData("ConnectionStrings:tenant-manager", null, "ConnectionStrings__tenant-manager")]
    [InlineData("ConnectionStrings:postgres", "Host=h;Password=server-secret;Nonsense", "ConnectionStrings__postgres")]
    [InlineData("TENANT_MANAGER_API_KEYS", "", "TENANT_MANAGER_API_KEYS")]
    [InlineData("TENANT_MANAGER_API_KEYS", "short", "TENANT_MANAGER_API_KEYS")]
    [InlineData("TENANT_MANAGER_SECRETS_KEY", "too-short", "TENANT_MANAGER_SECRETS_KEY")]
    [InlineData("TENANT_MANAGER_DATABASE_PORT", "70000", "TENANT_MANAGER_DATABASE_PORT")]
    [InlineData("TENANT_MANAGER_AUDIT_RETENTION_DAYS", "29", "TENANT_MANAGER_AUDIT_RETENTION_DAYS")]
    [InlineData("MULTI_TENANT_CACHE_TTL", "soon", "MULTI_TENANT_CACHE_TTL")]
    [InlineData("MULTI_TENANT_CACHE_TTL", "500ms", "MULTI_TENANT_CACHE_TTL")]
    [InlineData("MULTI_TENANT_CACHE_TTL", "721h", "MULTI_TENANT_CACHE_TTL")]
    [InlineData("TENANT_MANAGER_CONSOLE_KEY", "too-short", "TENANT_MANAGER_CONSOLE_KEY")]
    [InlineData("TENANT_MANAGER_CONSOLE_KEY", "fedcba9876543210", "TENANT_MANAGER_API_KEYS")]
    [InlineData("MULTI_TENANT_DIAGNOSTICS_KEY", "with a space in it", "MULTI_TENANT_DIAGNOSTICS_KEY")]
    [InlineData("ENV_NAME", null, "ENV_NAME")]
    [InlineData("AUTH_SIGNING_KEY", "too-short", "AUTH_SIGNING_KEY")]
    [InlineData("AUTH_AUTHORITY", "http://login.example.com", "AUTH_AUTHORITY")]
    public void WrongSetting_IsRefused_NamingTheVariable_NotItsValue(string setting, string? value, string named)
    {
        var error = Assert.Throws<InvalidSettingException>(() => Read([(setting, value)]));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret;", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 24 * 60 * 60)]
    [InlineData("90", 90)]
    [InlineData("1h30m", 90 * 60)]
    [InlineData("1.5h", 90 * 60)]
    [InlineData("30d", 30 * 24 * 60 * 60)]
    [InlineData("1500ms", 1.5)]
    public void B7_SecretLifetime_IsSecondsOrADuration_ADayUnlessTold(string? value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read([("MULTI_TENANT_CACHE_TTL", value)]).SecretLifetime);

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("-1h")]
    [InlineData("1 h")]
    [InlineData("1w")]
    [InlineData("1h30")]
    [InlineData("1e3s")]
    [InlineData("99999999999999999999")]
    [InlineData("999999999999d")]
    public void Duration_ThatIsNone_IsNotRead(string text) => Assert.False(DurationText.TryParse(text, out _));

    private static ManagerOptions Read((string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Right, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
            settings[name] = value;
        return ManagerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment: false);
    }
}
