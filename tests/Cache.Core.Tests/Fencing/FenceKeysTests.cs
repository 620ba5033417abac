using Cache.Core.Fencing;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Tests.Fencing;

/// <summary>What belongs to a key lies in its slot of a cluster: the key is the hash tag, or has one of its own.</summary>
public sealed class FenceKeysTests
{
    [Theory]
    [InlineData("tm-config:a", "{tm-config:a}")]
    [InlineData("x{tenant}y", "x{tenant}y")]
    [InlineData("{tenant}", "{tenant}")]
    [InlineData("{t}", "{t}")]
    [InlineData("x{y", "{x{y}")]
    public void Names_HaveTheKeyAsTheirHashTag_UnlessItHasOneOfItsOwn(string key, string beside)
    {
        Assert.Equal("fence:" + beside, FenceKeys.Fence(key));
        Assert.Equal("lease:" + beside, FenceKeys.Lease(key));
    }

    /// <summary>Where a tag would end inside of the key: a cluster refuses scripts over keys of two slots.</summary>
    [Theory]
    [InlineData("x}y")]
    [InlineData("x{}y")]
    [InlineData("}{x")]
    [InlineData("x{}{tenant}")]
    [InlineData("}")]
    [InlineData("}ação")]
    public void Names_OfAKeyThatNoTagCanHold_LieInItsSlot(string key)
    {
        foreach (var name in new[] { FenceKeys.Fence(key), FenceKeys.Lease(key) })
        {
            Assert.EndsWith(key, name, StringComparison.Ordinal);
            var tag = name[(name.IndexOf('{', StringComparison.Ordinal) + 1)..name.IndexOf('}', StringComparison.Ordinal)];
            Assert.Equal(ClusterSlot.Of(key), ClusterSlot.Of(tag));
        }
    }

    [Theory]
    [InlineData("tm-config:a")]
    [InlineData("x{tenant}y")]
    [InlineData("{tenant}")]
    [InlineData("{tenant}y")]
    [InlineData("x{y")]
    [InlineData("x}y")]
    [InlineData("x{}{tenant}")]
    [InlineData("}")]
    [InlineData("}ação")]
    public void ValuesOf_AFence_HoldsItsKey_AndNothingWithAnotherFence(string key)
    {
        var fence = FenceKeys.Fence(key);

        Assert.Contains(key, FenceKeys.ValuesOf(fence));
        Assert.All(FenceKeys.ValuesOf(fence), found => Assert.Equal(fence, FenceKeys.Fence(found)));
        Assert.True(FenceKeys.IsOne(fence) && FenceKeys.IsOne(FenceKeys.Lease(key)) && !FenceKeys.IsOne(key));
    }

    [Theory]
    [InlineData("fence:")]
    [InlineData("fence:{}")]
    [InlineData("fence:no-tag")]
    [InlineData("lease:{a}")]
    [InlineData("a")]
    public void ValuesOf_WhatIsNoFence_AreNone(string stored) => Assert.Empty(FenceKeys.ValuesOf(stored));

    [Fact]
    public void Tokens_AreAllDifferent_AndOfOneLength()
    {
        var tokens = Enumerable.Range(0, 1_000).Select(_ => FenceToken.New()).ToArray();

        Assert.Equal(tokens.Length, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tokens, token => Assert.Matches("^[0-9a-f]{32}$", token));
        Assert.Single(tokens.Select(token => token[..16]).Distinct(StringComparer.Ordinal));
    }
}
