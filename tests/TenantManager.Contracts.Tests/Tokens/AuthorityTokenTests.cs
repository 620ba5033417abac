using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace TenantManager.Contracts.Tests.Tokens;

/// <summary>Keys that an authority publishes, over real HTTP.</summary>
public sealed class AuthorityTokenTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private FakeAuthority _authority = null!;

    public async Task InitializeAsync() => _authority = await FakeAuthority.StartAsync(_time);

    public async Task DisposeAsync() => await _authority.DisposeAsync();

    [Fact]
    public async Task Verify_TokenOfTheAuthority_IsValid()
    {
        var verification = await Verifier().VerifyAsync(_authority.Token("acme"));

        Assert.True(verification.IsValid, verification.Failure);
        Assert.Equal("acme", verification.GetString("tenantId"));
    }

    [Fact]
    public async Task Verify_IssuerAndAudience_AreCheckedForTheAuthoritysTokensToo()
    {
        var verifier = Verifier(options => options.Audience = "ledger");

        Assert.True((await verifier.VerifyAsync(_authority.Token(audience: "ledger"))).IsValid);
        Assert.Equal("another issuer", (await verifier.VerifyAsync(_authority.Token(issuer: "tenant-platform", audience: "ledger"))).Failure);
        Assert.Equal("another audience", (await verifier.VerifyAsync(_authority.Token(audience: "other"))).Failure);
        Assert.True((await Verifier(options => options.AuthorityIssuer = "me").VerifyAsync(_authority.Token(issuer: "me"))).IsValid);
        Assert.Equal("another issuer", (await Verifier(options => options.AuthorityIssuer = "me").VerifyAsync(_authority.Token())).Failure);
    }

    [Fact]
    public async Task Verify_BesideASigningKey_EachKeyHasItsOwnIssuer()
    {
        var verifier = Verifier(WithSigningKey);

        Assert.True((await verifier.VerifyAsync(Forge.Hmac())).IsValid);
        Assert.Equal(0, _authority.Asked);
        Assert.True((await verifier.VerifyAsync(_authority.Token())).IsValid);
        Assert.Equal("another issuer", (await verifier.VerifyAsync(Forge.Hmac($$"""{"iss":"{{_authority.Address}}","exp":1893460000}"""))).Failure);
    }

    [Fact]
    public async Task Verify_SymmetricKeyThatIsPublished_IsNeverUsed()
    {
        _authority.AnotherKey = $$"""{"kty":"oct","k":"{{System.Buffers.Text.Base64Url.EncodeToString(Forge.Key)}}"}""";
        var verifier = Verifier();
        Assert.True((await verifier.VerifyAsync(_authority.Token())).IsValid);
        Assert.False((await verifier.VerifyAsync(Forge.Hmac($$"""{"iss":"{{_authority.Address}}","exp":1893460000}"""))).IsValid);
    }

    [Theory]
    [InlineData("""{"kty":"RSA","n":"!","e":"AQAB"}""")]
    [InlineData("""{"kty":"EC","crv":"P-1","x":"AA","y":"AA"}""")]
    [InlineData("""{"kty":"unheard-of"}""")]
    public async Task Verify_UnusableKeyBesideTheRightOne_DoesNoHarm(string another)
    {
        _authority.AnotherKey = another;
        Assert.True((await Verifier().VerifyAsync(_authority.Token())).IsValid);
    }

    [Fact]
    public async Task Verify_AfterARollOver_TakesTheNewKey_AndNoLongerTheOldOne()
    {
        var verifier = Verifier();
        var old = _authority.Token();
        Assert.True((await verifier.VerifyAsync(old)).IsValid);

        _authority.RollOver();

        await Eventually.HoldsAsync("the new key's token is valid", async () => (await verifier.VerifyAsync(_authority.Token())).IsValid);
        Assert.Equal("no configured key fits its algorithm and key id", (await verifier.VerifyAsync(old)).Failure);
    }

    [Fact]
    public async Task Verify_ManyTokensOfUnknownKeys_AskTheAuthorityOnceMore()
    {
        var verifier = Verifier();
        Assert.True((await verifier.VerifyAsync(_authority.Token())).IsValid);

        for (var i = 0; i < 200; i++)
            Assert.Equal("no configured key fits its algorithm and key id", (await verifier.VerifyAsync(_authority.Token(keyId: $"unknown-{i}"))).Failure);

        await Eventually.HoldsAsync("the authority is asked again", () => _authority.Asked == 2);
        Assert.False((await verifier.VerifyAsync(_authority.Token(keyId: "unknown"))).IsValid);
        Assert.Equal(2, _authority.Asked);
    }

    [Fact]
    public async Task Verify_WhileTheAuthorityIsAway_IsUndecided_AndAsksItNowAndThen()
    {
        _authority.IsAway = true;
        var verifier = Verifier(WithSigningKey);

        for (var i = 0; i < 20; i++)
        {
            var verification = await verifier.VerifyAsync(_authority.Token());
            Assert.True(verification is { IsUndecided: true, IsValid: false });
            Assert.Contains($"the keys of the authority {_authority.Address}/.well-known/openid-configuration are not known yet", verification.Failure, StringComparison.Ordinal);
        }

        Assert.Equal(1, _authority.Asked);
        Assert.True((await verifier.VerifyAsync(Forge.Hmac())).IsValid);
        Assert.False((await verifier.VerifyAsync(Forge.Hmac(key: new byte[32]))).IsUndecided);
        Assert.False((await verifier.VerifyAsync("nonsense")).IsUndecided);

        _authority.IsAway = false;
        Assert.True((await verifier.VerifyAsync(_authority.Token())).IsUndecided);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.HoldsAsync("the authority's token is valid", async () => (await verifier.VerifyAsync(_authority.Token())).IsValid);
    }

    [Fact]
    public async Task Verify_WhenTheAuthorityGoesAway_KeysStayKnown()
    {
        var verifier = Verifier();
        Assert.True(verifier.Verify(_authority.Token()).IsUndecided);
        Assert.True((await verifier.VerifyAsync(_authority.Token())).IsValid);

        _authority.IsAway = true;

        Assert.False((await verifier.VerifyAsync(_authority.Token(keyId: "unknown"))).IsUndecided);
        Assert.True((await verifier.VerifyAsync(_authority.Token("acme"))).IsValid);
        Assert.True(verifier.Verify(_authority.Token("umbrella")).IsValid);
    }

    [Fact]
    public async Task Verify_WithKeysElsewhereInTheClear_IsUndecided()
    {
        // An authority over https must not send the keys over http; here it does not even speak TLS.
        var verifier = Verifier(options => options.Authority = new UriBuilder(_authority.Address) { Scheme = "https" }.Uri);
        Assert.True((await verifier.VerifyAsync(_authority.Token())).IsUndecided);
        Assert.Equal(0, _authority.Asked);
    }

    private static void WithSigningKey(TokenVerificationOptions options) => (options.SymmetricKey, options.Issuer) = (Forge.Key, "tenant-platform");

    private TokenVerifier Verifier(Action<TokenVerificationOptions>? change = null)
    {
        var options = new TokenVerificationOptions { Authority = _authority.Address };
        change?.Invoke(options);
        return new TokenVerifier(options, _time);
    }
}
