using System.Text.Json;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Contracts.Tests.Tokens;

public sealed class RememberedTokensTests
{
    private static readonly Dictionary<string, JsonElement> Claims = new(StringComparer.Ordinal);

    [Fact]
    public void Find_AfterMoreThanFit_KnowsTheLatestAndThoseInUse()
    {
        var remembered = new RememberedTokens(capacity: 16);
        var entry = new RememberedTokens.Entry(null, new TokenTimes(null, 1), Claims);
        for (var i = 0; i < 1000; i++)
        {
            remembered.Keep($"token-{i}", entry);
            Assert.NotNull(remembered.Find("token-0", authority: null));
        }

        Assert.InRange(Enumerable.Range(0, 1000).Count(i => remembered.Find($"token-{i}", authority: null) is not null), 2, 16);
        Assert.NotNull(remembered.Find("token-999", authority: null));
    }

    [Fact]
    public void Find_WithOtherKeysOfTheAuthority_IsForgotten()
    {
        var remembered = new RememberedTokens(capacity: 16);
        var (before, after) = (new TrustedKeys([], "i"), new TrustedKeys([], "i"));
        remembered.Keep("token", new(before, new TokenTimes(null, 1), Claims));

        Assert.NotNull(remembered.Find("token", before));
        Assert.Null(remembered.Find("token", after));
        Assert.Null(remembered.Find("token", authority: null));
    }

    [Fact]
    public void Find_LongToken_IsNotRemembered()
    {
        var remembered = new RememberedTokens(capacity: 16);
        var token = new string('a', 5000);
        remembered.Keep(token, new(null, new TokenTimes(null, 1), Claims));
        Assert.Null(remembered.Find(token, authority: null));
        Assert.Null(remembered.Find(new string('é', 4000), authority: null));
    }

    [Fact]
    public void Verify_RememberedToken_IsStillCheckedAgainstTheClock_AndOnlyThatTokenIs()
    {
        var time = new SomeTime();
        var verifier = new TokenVerifier(new TokenVerificationOptions { SymmetricKey = Forge.Key }, time);
        var token = Forge.Hmac("""{"exp":1893460000,"nbf":1893456000,"tenantId":"acme"}""");
        Assert.True(verifier.Verify(token).IsValid);
        Assert.Equal("acme", verifier.Verify(token).GetString("tenantId"));
        Assert.False(verifier.Verify(token[..^3] + "AAA").IsValid);
        Assert.False(verifier.Verify(token + "=").IsValid);

        time.Now = DateTimeOffset.FromUnixTimeSeconds(1893455969);
        Assert.Equal("not yet valid", verifier.Verify(token).Failure);
        time.Now = DateTimeOffset.FromUnixTimeSeconds(1893460030);
        Assert.Equal("expired", verifier.Verify(token).Failure);
    }
}
