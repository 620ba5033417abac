using Microsoft.Extensions.Configuration;
using TenantManager.Console.Configuration;
using TenantManager.Contracts.Settings;

namespace TenantManager.Console.Tests.SignIn;

/// <summary>Wrong configuration ends the process at start, naming the variable and not its value.</summary>
public sealed class ConsoleSettingsTests
{
    private static readonly Dictionary<string, string?> Right = new(StringComparer.Ordinal)
    {
        ["Console:TenantManager"] = "http://tenant-manager",
        ["Console:ApiKey"] = "console-key-0123456789",
        ["Console:Tokens:Operator"] = "operator-token-0123456789",
    };

    [Theory]
    [InlineData("Console:TenantManager", null, "Console__TenantManager")]
    [InlineData("Console:TenantManager", "tenant-manager:8080", "Console__TenantManager")]
    [InlineData("Console:TenantManager", "http://user:secret@tenant-manager", "Console__TenantManager")]
    [InlineData("Console:ApiKey", null, "Console__ApiKey")]
    [InlineData("Console:ApiKey", "secret", "Console__ApiKey")]
    [InlineData("Console:Tokens:Operator", null, "Console__Tokens")]
    [InlineData("Console:Tokens:Operator", "secret", "Console__Tokens__Operator")]
    [InlineData("Console:Oidc:Authority", "http://login.example.com", "Console__Oidc__Authority")]
    [InlineData("Console:Oidc:Authority", "https://login.example.com", "Console__Oidc__ClientId")]
    public void WrongSetting_IsRefused_NamingTheVariable_NotItsValue(string setting, string? value, string named)
    {
        var error = Assert.Throws<InvalidSettingException>(() => Read((setting, value)));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenIdConnect_BesideTokens_IsRefused() => Assert.Contains(
        "Console__Tokens",
        Assert.Throws<InvalidSettingException>(() => Read(("Console:Oidc:Authority", "https://login.example.com"), ("Console:Oidc:ClientId", "console"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void OpenIdConnect_NeedsNoTokens()
    {
        var options = Read(("Console:Oidc:Authority", "https://login.example.com"), ("Console:Oidc:ClientId", "console"), ("Console:Tokens:Operator", null));
        Assert.Equal(("operator", "viewer", "roles"), (options.Oidc!.OperatorRole, options.Oidc.ViewerRole, options.Oidc.RoleClaim));
        Assert.DoesNotContain("console-key", options.ToString(), StringComparison.Ordinal);
    }

    private static ConsoleOptions Read(params (string Name, string? Value)[] changes)
    {
        var all = new Dictionary<string, string?>(Right, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
            all[name] = value;
        return ConsoleSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), isDevelopment: false);
    }
}
