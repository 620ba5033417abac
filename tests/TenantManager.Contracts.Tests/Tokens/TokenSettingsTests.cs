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
