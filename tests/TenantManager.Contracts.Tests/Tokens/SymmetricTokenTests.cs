using FsCheck;
using FsCheck.Fluent;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Contracts.Tests.Tokens;

public sealed class SymmetricTokenTests
{
    private readonly SomeTime _time = new();

    [Fact]
    public void Verify_IssuedToken_IsValidWithItsClaims()
    {
        var token = new TokenIssuer("tenant-platform", Forge.Key, _time).Issue(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = "acme", ["scope"] = "a b" }, TimeSpan.FromHours(1));

        var verification = Verifier().Verify(token);

        Assert.True(verification.IsValid, verification.Failure);
        Assert.Equal("acme", verification.GetString("tenantId"));
        Assert.Equal("a b", verification.GetString("scope"));
        Assert.Null(verification.GetString("exp"));
        Assert.Null(verification.GetString("absent"));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void Verify_EachHmacAlgorithm_IsValid(string algorithm) => Assert.True(Verifier().Verify(Forge.Hmac(algorithm: algorithm)).IsValid);

    [Fact]
    public void Verify_AnotherKey_IsRefused() =>
        AssertRefused("the signature does not match", Forge.Hmac(key: "another key of thirty-two bytes!!"u8.ToArray()));

    [Fact]
    public void Verify_AnyFlippedCharacter_IsRefused()
    {
        var token = Forge.Hmac();
        var verifier = Verifier();
        for (var i = 0; i < token.Length; i++)
        {
            var flipped = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False(verifier.Verify(flipped).IsValid, $"character {i}");
        }
    }

    [Fact]
    public void Verify_TruncatedSignature_IsRefused() => AssertRefused("the signature does not match", Forge.Hmac()[..^3]);

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("hs256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("")]
    public void Verify_UnsignedOrUnknownAlgorithm_IsRefused(string algorithm) => Assert.False(Verifier().Verify(Forge.Unsigned(algorithm: algorithm)).IsValid);

    [Theory]
    [InlineData("""{"iss":"someone","exp":1893460000}""", "another issuer")]
    [InlineData("""{"exp":1893460000}""", "another issuer")]
    [InlineData("""{"iss":["tenant-platform"],"exp":1893460000}""", "another issuer")]
    [InlineData("""{"iss":"tenant-platform"}""", "no expiry, or one that is not a number")]
    [InlineData("""{"iss":"tenant-platform","exp":"1893460000"}""", "no expiry, or one that is not a number")]
    [InlineData("""{"iss":"tenant-platform","exp":1e999}""", "no expiry, or one that is not a number")]
    [InlineData("""{"iss":"tenant-platform","exp":1893455969}""", "expired")]
    [InlineData("""{"iss":"tenant-platform","exp":-1}""", "expired")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000,"nbf":1893456031}""", "not yet valid")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000,"nbf":"0"}""", "'nbf' is not a number")]
    [InlineData("[]", "the payload is not a JSON object with unique names")]
    [InlineData("", "the payload is not a JSON object with unique names")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000,"tenantId":"a","tenantId":"b"}""", "the payload is not a JSON object with unique names")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000,"tenantId":"a","tenant\u0049d":"b"}""", "the payload is not a JSON object with unique names")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000,"tenantId":"\ud800"}""", "the payload is not a JSON object with unique names")]
    public void Verify_AuthenticButUnacceptableClaims_AreRefused(string payload, string reason) => AssertRefused(reason, Forge.Hmac(payload));

    [Theory]
    [InlineData("""{"iss":"tenant-platform","exp":1893455971}""")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000,"nbf":1893456030}""")]
    [InlineData("""{"iss":"tenant-platform","exp":1893460000.5,"nbf":0}""")]
    public void Verify_TimesWithinTheSkew_AreValid(string payload) => Assert.True(Verifier().Verify(Forge.Hmac(payload)).IsValid);

    [Fact]
    public void Verify_TokenOnceValid_ExpiresWithTime()
    {
        var verifier = Verifier();
        var token = new TokenIssuer("tenant-platform", Forge.Key, _time).Issue(new Dictionary<string, string>(StringComparer.Ordinal), TimeSpan.FromMinutes(1));
        Assert.True(verifier.Verify(token).IsValid);
        _time.Now += TimeSpan.FromSeconds(91);
        Assert.Equal("expired", verifier.Verify(token).Failure);
    }

    [Theory]
    [InlineData("\"ledger\"", true)]
    [InlineData("[\"other\",\"ledger\"]", true)]
    [InlineData("\"other\"", false)]
    [InlineData("[]", false)]
    [InlineData("[1]", false)]
    [InlineData("null", false)]
    public void Verify_Audience_MustHoldOurs(string audience, bool valid)
    {
        var verifier = Verifier(options => options.Audience = "ledger");
        Assert.Equal(valid, verifier.Verify(Forge.Hmac($$"""{"iss":"tenant-platform","exp":1893460000,"aud":{{audience}}}""")).IsValid);
    }

    [Fact]
    public void Verify_NoAudienceAtAll_IsRefusedWhenOneIsRequired() =>
        Assert.Equal("another audience", Verifier(options => options.Audience = "ledger").Verify(Forge.Hmac()).Failure);

    [Theory]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","alg":"HS256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":"HS256","kid":1}""")]
    [InlineData("""{}""")]
    [InlineData("""null""")]
    [InlineData("""{"alg":"HS256" """)]
    public void Verify_UnacceptableHeader_IsRefused(string header) => Assert.False(Verifier().Verify(Forge.Hmac(header: header)).IsValid);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d.e")]
    [InlineData("====.====.====")]
    [InlineData("e30.e30.é")]
    [InlineData("e3 0.e30.e30")]
    [InlineData("e30\n.e30.e30")]
    [InlineData("\0.\0.\0")]
    public void Verify_Malformed_IsRefused(string? token) => Assert.False(Verifier().Verify(token).IsValid);

    [Fact]
    public void Verify_PaddedOrRespelledBase64Url_IsRefused()
    {
        var token = Forge.Hmac();
        Assert.False(Verifier().Verify(token + "=").IsValid);

        // A 32-byte MAC leaves two unused bits in its last character: a respelling that decodes alike must not pass.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var respelled = token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];
        Assert.NotEqual(token, respelled);
        Assert.Equal("a part is not base64url", Verifier().Verify(respelled).Failure);
    }

    [Fact]
    public void Verify_InvalidUtf8_IsRefused()
    {
        var payload = """{"iss":"tenant-platform","exp":1893460000,"tenantId":"X"}"""u8.ToArray();
        payload[Array.IndexOf(payload, (byte)'X')] = 0xFF;
        var signed = $"{Forge.Encode("""{"alg":"HS256"}""")}.{System.Buffers.Text.Base64Url.EncodeToString(payload)}";
        var mac = System.Security.Cryptography.HMACSHA256.HashData(Forge.Key, System.Text.Encoding.ASCII.GetBytes(signed));
        AssertRefused("the payload is not a JSON object with unique names", $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(mac)}");
    }

    [Fact]
    public void Verify_HugeToken_IsRefusedUnread() =>
        AssertRefused($"longer than {TokenVerifier.MaxTokenLength} characters", new string('a', 50_000_000));

    [Fact]
    public void Verify_DeeplyNestedPayload_IsRefused() =>
        Assert.False(Verifier().Verify(Forge.Hmac($$"""{"iss":"tenant-platform","exp":1893460000,"x":{{new string('[', 500)}}{{new string(']', 500)}}}""")).IsValid);

    [Fact]
    public void Verify_AnyText_NeverThrowsAndNeverPasses()
    {
        var verifier = Verifier();
        Prop.ForAll<string?>(text => !verifier.Verify(text).IsValid).QuickCheckThrowOnFailure();
        Prop.ForAll<string?, string?, string?>((header, payload, signature) =>
            !verifier.Verify($"{Forge.Encode(header ?? "")}.{Forge.Encode(payload ?? "")}.{Forge.Encode(signature ?? "")}").IsValid).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Issue_RegisteredClaim_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new TokenIssuer("i", Forge.Key).Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["exp"] = "1" }, TimeSpan.FromHours(1)));

    [Fact]
    public void Create_ShortKey_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new TokenIssuer("i", Forge.Key.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => new TokenVerifier(new TokenVerificationOptions { SymmetricKey = Forge.Key[1..] }));
    }

    [Fact]
    public void Create_WithoutAnyKey_IsRefused() => Assert.Throws<ArgumentException>(() => new TokenVerifier(new TokenVerificationOptions()));

    [Fact]
    public void Verify_UnsignedAllowed_StillChecksClaimsAndKeepsSignedOnesHonest()
    {
        var verifier = Verifier(options => options.AllowUnsigned = true);

        Assert.True(verifier.Verify(Forge.Unsigned()).IsValid);
        Assert.False(verifier.Verify(Forge.Unsigned() + "AAAA").IsValid);
        Assert.Equal("expired", verifier.Verify(Forge.Unsigned("""{"iss":"tenant-platform","exp":1}""")).Failure);
        Assert.False(verifier.Verify(Forge.Hmac(key: "another key of thirty-two bytes!!"u8.ToArray())).IsValid);
    }

    private TokenVerifier Verifier(Action<TokenVerificationOptions>? change = null)
    {
        var options = new TokenVerificationOptions { Issuer = "tenant-platform", SymmetricKey = Forge.Key };
        change?.Invoke(options);
        return new TokenVerifier(options, _time);
    }

    private void AssertRefused(string reason, string token)
    {
        var verification = Verifier().Verify(token);
        Assert.False(verification.IsValid);
        Assert.Equal(reason, verification.Failure);
        Assert.Null(verification.GetString("tenantId"));
    }
}
