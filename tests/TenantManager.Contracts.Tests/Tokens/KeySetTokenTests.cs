using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Contracts.Tests.Tokens;

public sealed class KeySetTokenTests : IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsa _p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);

    public void Dispose()
    {
        _rsa.Dispose();
        _p256.Dispose();
        _p384.Dispose();
        _p521.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Verify_EachAlgorithm_IsValidAndOnlyUntouched(string algorithm)
    {
        var verifier = Verifier(Set(Rsa("r"), Ec("e1", "P-256", _p256), Ec("e2", "P-384", _p384), Ec("e3", "P-521", _p521)));
        var token = Sign(algorithm);
        var parts = token.Split('.');

        Assert.True(verifier.Verify(token).IsValid, verifier.Verify(token).Failure);
        Assert.False(verifier.Verify($"{parts[0]}.{Forge.Encode("""{"exp":1893460000,"tenantId":"other"}""")}.{parts[2]}").IsValid);
        Assert.False(verifier.Verify($"{parts[0]}.{parts[1]}.").IsValid);
        Assert.False(verifier.Verify($"{parts[0]}.{parts[1]}.{parts[2][..^4]}").IsValid);
    }

    [Fact]
    public void Verify_PublicKeyAsHmacSecret_IsRefused()
    {
        // The classic confusion: the token says HS256 and is "signed" with the RSA public key that everybody knows.
        var verifier = Verifier(Set(Rsa("r")));
        foreach (var secret in new[] { Encoding.UTF8.GetBytes(_rsa.ExportRSAPublicKeyPem()), Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), _rsa.ExportParameters(includePrivateParameters: false).Modulus! })
            Assert.Equal("no configured key fits its algorithm and key id", verifier.Verify(Forge.Hmac(key: secret)).Failure);
    }

    [Fact]
    public void Verify_SymmetricKeyInTheSet_IsNeverUsed()
    {
        var symmetric = $$"""{"kty":"oct","kid":"s","k":"{{Base64Url.EncodeToString(Forge.Key)}}"}""";
        Assert.False(Verifier(Set(Rsa("r"), symmetric)).Verify(Forge.Hmac()).IsValid);
    }

    [Fact]
    public void Verify_KeyId_ChoosesTheKey()
    {
        using var other = RSA.Create(2048);
        var verifier = Verifier(Set(Rsa("other", other), Rsa("ours")));

        Assert.True(verifier.Verify(Sign("RS256", ",\"kid\":\"ours\"")).IsValid);
        Assert.True(verifier.Verify(Sign("RS256")).IsValid);
        Assert.Equal("the signature does not match", verifier.Verify(Sign("RS256", ",\"kid\":\"other\"")).Failure);
        Assert.Equal("no configured key fits its algorithm and key id", verifier.Verify(Sign("RS256", ",\"kid\":\"absent\"")).Failure);
    }

    [Fact]
    public void Verify_KeyBoundToAnAlgorithm_ServesNoOther()
    {
        var verifier = Verifier(Set(Rsa("r", extra: ",\"alg\":\"RS512\"")));
        Assert.True(verifier.Verify(Sign("RS512")).IsValid);
        Assert.False(verifier.Verify(Sign("RS256")).IsValid);
    }

    [Fact]
    public void Verify_KeyWithACertificate_IsTakenByItsOwnNumbers()
    {
        using var other = RSA.Create(2048);
        var named = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=other", other, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = named.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var verifier = Verifier(Set(Rsa("r", extra: $",\"x5c\":[\"{Convert.ToBase64String(certificate.RawData)}\"]")));
        Assert.True(verifier.Verify(Sign("RS256")).IsValid);
    }

    [Fact]
    public void Verify_KeysThatTheTokenBrings_AreNotUsed()
    {
        using var other = RSA.Create(2048);
        var verifier = Verifier(Set(Rsa("ours", other)));
        Assert.Equal("the signature does not match", verifier.Verify(Sign("RS256", $",\"jwk\":{Rsa("ours")}")).Failure);
        Assert.Equal("the signature does not match", verifier.Verify(Sign("RS256", ",\"jku\":\"https://127.0.0.1:1/keys\",\"x5u\":\"https://127.0.0.1:1/x\"")).Failure);
    }

    [Fact]
    public void Verify_CurveOfAnotherAlgorithm_IsRefused() =>
        Assert.Equal(
            "no configured key fits its algorithm and key id",
            Verifier(Set(Ec("e", "P-384", _p384))).Verify(Sign("ES256")).Failure);

    [Theory]
    [InlineData(",\"use\":\"enc\"")]
    [InlineData(",\"key_ops\":[\"sign\"]")]
    [InlineData(",\"key_ops\":\"verify\"")]
    public void Create_NoKeyForSignatures_IsRefused(string extra) =>
        Assert.Throws<FormatException>(() => Verifier(Set(Rsa("r", extra: extra))));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[1,null,"x"]}""")]
    [InlineData("""{"keys":[{"kty":"RSA"}]}""")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"!","e":"AQAB"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-1","x":"AA","y":"AA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""")]
    public void Create_MalformedSet_IsRefused(string json) => Assert.Throws<FormatException>(() => Verifier(json));

    [Fact]
    public void Create_ShortRsaKey_IsRefused()
    {
        using var small = RSA.Create(1024);
        Assert.Contains("1024", Assert.Throws<FormatException>(() => Verifier(Set(Rsa("r", small)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_FromManyThreads_StaysCorrect()
    {
        var verifier = Verifier(Set(Rsa("r"), Ec("e", "P-256", _p256)));
        var good = new[] { Sign("RS256"), Sign("ES256") };
        var bad = good.Select(token => token[..^8] + "AAAAAAAA").ToArray();
        Parallel.For(0, 400, i =>
        {
            Assert.True(verifier.Verify(good[i % 2]).IsValid);
            Assert.False(verifier.Verify(bad[i % 2]).IsValid);
        });
    }

    private static TokenVerifier Verifier(string jwks) => new(new TokenVerificationOptions { JwksJson = jwks }, new SomeTime());

    private static string Set(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    private static string Ec(string id, string curve, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","kid":"{{id}}","crv":"{{curve}}","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    private string Rsa(string id, RSA? key = null, string extra = "")
    {
        var parameters = (key ?? _rsa).ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","kid":"{{id}}","n":"{{Base64Url.EncodeToString(parameters.Modulus)}}","e":"{{Base64Url.EncodeToString(parameters.Exponent)}}"{{extra}}}""";
    }

    private string Sign(string algorithm, string extraHeader = "")
    {
        var hash = algorithm[2..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        return Forge.Signed($$"""{"alg":"{{algorithm}}"{{extraHeader}}}""", data => algorithm switch
        {
            "ES256" => _p256.SignData(data, hash),
            "ES384" => _p384.SignData(data, hash),
            "ES512" => _p521.SignData(data, hash),
            _ => _rsa.SignData(data, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
        });
    }
}
