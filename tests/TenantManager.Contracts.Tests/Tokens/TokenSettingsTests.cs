using TenantManager.Contracts.Settings;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Contracts.Tests.Tokens;

public sealed class TokenSettingsTests
{
    private const string Secret = "a signing key of more than 32 bytes";

    [Fact]
    public void Read_SigningKeyOnly_HasDefaults()
    {
        var options = Read(("AUTH_SIGNING_KEY", Secret));
        Assert.Equal("tenant-platform", options.Issuer);
        Assert.Null(options.Audience);
        Assert.False(options.AllowUnsigned);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(Secret), options.SymmetricKey);
    }

    [Fact]
    public void Read_IssuerAndAudience_AreTaken()
    {
        var options = Read(("AUTH_SIGNING_KEY", Secret), ("AUTH_ISSUER", "me"), ("AUTH_AUDIENCE", "you"));
        Assert.Equal(("me", "you"), (options.Issuer, options.Audience));
    }

    [Fact]
    public void Read_NoKeyAtAll_NamesTheVariable() => AssertNamed("AUTH_SIGNING_KEY", isDevelopment: true);

    [Fact]
    public void Read_ShortKey_NamesTheVariableAndNotTheKey()
    {
        var failure = AssertNamed("AUTH_SIGNING_KEY", isDevelopment: false, ("AUTH_SIGNING_KEY", "short-secret"));
        Assert.DoesNotContain("short-secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    public void Read_BadKeySet_NamesTheVariable(string jwks) => AssertNamed("AUTH_JWKS", isDevelopment: false, ("AUTH_JWKS", jwks));

    [Fact]
    public void Read_UnsignedOutsideDevelopment_IsRefused() =>
        AssertNamed("AUTH_ALLOW_UNSIGNED", isDevelopment: false, ("AUTH_SIGNING_KEY", Secret), ("AUTH_ALLOW_UNSIGNED", "true"));

    [Fact]
    public void Read_UnsignedUnreadable_IsRefused() =>
        AssertNamed("AUTH_ALLOW_UNSIGNED", isDevelopment: true, ("AUTH_SIGNING_KEY", Secret), ("AUTH_ALLOW_UNSIGNED", "yes please"));

    [Fact]
    public void Read_UnsignedInDevelopment_NeedsNoKey() => Assert.True(Read(("AUTH_ALLOW_UNSIGNED", "true")).AllowUnsigned);

    [Fact]
    public void Read_AuthorityOnly_NeedsNoOtherKey_AndLeavesTheIssuerToIt()
    {
        var options = TokenSettings.Read(Lookup([("AUTH_AUTHORITY", "https://login.example.com/realms/bank")]), isDevelopment: false);
        Assert.Equal(new Uri("https://login.example.com/realms/bank"), options.Authority);
        Assert.Null(options.AuthorityIssuer);
        Assert.Equal("me", Read(("AUTH_AUTHORITY", "https://login.example.com"), ("AUTH_ISSUER", "me")).AuthorityIssuer);
    }

    [Theory]
    [InlineData("login.example.com")]
    [InlineData("/realms/bank")]
    [InlineData("ftp://login.example.com")]
    [InlineData("https://user:secret-of-it@login.example.com")]
    [InlineData("https://login.example.com?key=secret-of-it")]
    [InlineData("http://login.example.com")]
    public void Read_BadAuthority_NamesTheVariableAndNoSecret(string authority)
    {
        var failure = AssertNamed("AUTH_AUTHORITY", isDevelopment: true, ("AUTH_SIGNING_KEY", Secret), ("AUTH_AUTHORITY", authority));
        Assert.DoesNotContain("secret-of-it", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AuthorityOverHttp_NeedsConsentAndDevelopment()
    {
        var settings = new[] { ("AUTH_AUTHORITY", "http://localhost:8080/realms/bank"), ("AUTH_ALLOW_INSECURE_HTTP", "true") };
        Assert.Equal("http", Read(settings).Authority!.Scheme);
        AssertNamed("AUTH_ALLOW_INSECURE_HTTP", isDevelopment: false, settings);
        AssertNamed("AUTH_ALLOW_INSECURE_HTTP", isDevelopment: true, ("AUTH_SIGNING_KEY", Secret), ("AUTH_ALLOW_INSECURE_HTTP", "perhaps"));
    }

    private static InvalidSettingException AssertNamed(string name, bool isDevelopment, params (string Name, string Value)[] settings)
    {
        var failure = Assert.Throws<InvalidSettingException>(() => TokenSettings.Read(Lookup(settings), isDevelopment));
        Assert.Equal(name, failure.Name);
        Assert.StartsWith(name, failure.Message, StringComparison.Ordinal);
        return failure;
    }

    private static TokenVerificationOptions Read(params (string Name, string Value)[] settings) => TokenSettings.Read(Lookup(settings), isDevelopment: true);

    private static Func<string, string?> Lookup((string Name, string Value)[] settings) =>
        name => settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault();
}
