using TenantManager.Api.CacheAdministration;

namespace TenantManager.Api.Tests.CacheAdministration;

public sealed class KeyPatternTests
{
    [Theory]
    [InlineData("*", true)]
    [InlineData("**", true)]
    [InlineData("?*", true)]
    [InlineData("*?*", true)]
    [InlineData("?", true)]
    [InlineData("[a-z]*", true)]
    [InlineData("[^x]*[!-~]", true)]
    [InlineData("a*", false)]
    [InlineData("*:", false)]
    [InlineData("\\*", false)]
    [InlineData("tm-config:*", false)]
    [InlineData("[a-z]b*", false)]
    [InlineData("[", true)]
    [InlineData("*[!-~", true)]
    [InlineData("[\\]!-~]*", true)]
    [InlineData("[\\]a", true)]
    [InlineData("[\\]]a", false)]
    public void B8_PatternThatNamesNothing_IsKnown(string pattern, bool namesNothing) => Assert.Equal(namesNothing, KeyPattern.NamesNothing(pattern));

    [Theory]
    [InlineData("fence:{tm-config:a}", true)]
    [InlineData("lease:{tm-config:a}", true)]
    [InlineData("tenant-manager:deletions:0123456789abcdef", true)]
    [InlineData("pods:ledger:1", true)]
    [InlineData("idempotency:scope:key", true)]
    [InlineData("ratelimit:ledger:default:tenant", false)]
    [InlineData("tm-config:tenant-connections:a:ledger", false)]
    [InlineData("apikey:sha256:0", false)]
    [InlineData("fences", false)]
    public void SparedKeys_AreThoseThatAreNobodysCache(string key, bool isSpared) => Assert.Equal(isSpared, SparedKeys.Contains(key));
}
