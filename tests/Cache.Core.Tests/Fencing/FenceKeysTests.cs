using Cache.Core.Fencing;

namespace Cache.Core.Tests.Fencing;

/// <summary>What belongs to a key lies in its slot of a cluster: the key is the hash tag, or has one of its own.</summary>
/// <remarks>Not of a key with a <c>}</c> and no hash tag, where the tag ends: a cluster refuses scripts over such a one and its fence.</remarks>
public sealed class FenceKeysTests
{
    [Theory]
    [InlineData("tm-config:a", "{tm-config:a}")]
    [InlineData("x{tenant}y", "x{tenant}y")]
    [InlineData("{tenant}", "{tenant}")]
    [InlineData("{t}", "{t}")]
    [InlineData("x{}y", "{x{}y}")]
    [InlineData("x{y", "{x{y}")]
    [InlineData("x}y", "{x}y}")]
    [InlineData("}{x", "{}{x}")]
    public void Names_HaveTheKeyAsTheirHashTag_UnlessItHasOneOfItsOwn(string key, string beside)
    {
        Assert.Equal("fence:" + beside, FenceKeys.Fence(key));
        Assert.Equal("lease:" + beside, FenceKeys.Lease(key));
    }

    [Fact]
    public void Tokens_AreAllDifferent_AndOfOneLength()
    {
        var tokens = Enumerable.Range(0, 1_000).Select(_ => FenceToken.New()).ToArray();

        Assert.Equal(tokens.Length, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tokens, token => Assert.Matches("^[0-9a-f]{32}$", token));
        Assert.Single(tokens.Select(token => token[..16]).Distinct(StringComparer.Ordinal));
    }
}
