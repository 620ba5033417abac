using Cache.Core.Tagging;

namespace Cache.Core.Tests.Tagging;

/// <summary>What a tag remembers of removals together with others, and what it spares.</summary>
public sealed class TagEpochTests
{
    private readonly TagEpoch _new = TagEpoch.New();

    [Fact]
    public void Epoch_WithoutRemovals_IsStoredAsItsTokenAlone() => Assert.Equal((_new.Token, _new.Token), (_new.Text, _new.Stamp));

    [Fact]
    public void Removal_OfWhatCarriesAllOthers_SparesWhatCarriesSome()
    {
        var after = _new.WithRemoval(["b", "c"]);

        Assert.False(after.Spares(_new.Stamp, Carries("a", "b", "c", "d")));
        Assert.True(after.Spares(_new.Stamp, Carries("a", "b")));
        Assert.True(after.Spares(_new.Stamp, Carries("a")));
    }

    [Fact]
    public void Removal_SparesWhatWasStampedAfterIt()
    {
        var after = _new.WithRemoval(["b"]);

        Assert.True(after.Spares(after.Stamp, Carries("a", "b")));
        Assert.True(after.WithRemoval(["c"]).Spares(after.Stamp, Carries("a", "b")));
        Assert.False(after.WithRemoval(["b"]).Spares(after.Stamp, Carries("a", "b")));
    }

    [Fact]
    public void Epoch_IsReadAsItWasWritten_WhateverTheTagsAreNamed()
    {
        string[] names = ["a b", "x=y&z", "1.2", "ä%20", " "];
        var written = _new.WithRemoval(names).WithRemoval(["b"]);

        var read = TagEpoch.Parse(written.Text);

        Assert.Equal((written.Text, written.Stamp, 2), (read.Text, read.Stamp, read.Removals));
        Assert.False(read.Spares(_new.Stamp, Carries(names)));
        Assert.False(read.Spares(_new.Stamp, Carries("b")));
        Assert.True(read.Spares(_new.Stamp, Carries(names[1..])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("token")]
    [InlineData("token 1 0")]
    [InlineData("token one 0 1.x=b")]
    [InlineData("token 1 0 b")]
    [InlineData("token 1 0 1=b.c")]
    [InlineData("token 0 0 1.x=b")]
    [InlineData("token 1 0 2.x=b")]
    [InlineData("token 2 0 2.x=b 1.y=c")]
    [InlineData("token 2 2 2.x=b")]
    [InlineData("token 9223372036854775807 0 9223372036854775807.x=b")]
    public void Epoch_OfWhatCannotBeRead_IsATokenThatMatchesItselfAlone(string text)
    {
        var read = TagEpoch.Parse(text);

        Assert.Equal((text, text, 0), (read.Text, read.Stamp, read.Removals));
        Assert.True(read.Spares(text, Carries("a")));
        Assert.False(read.Spares(_new.Stamp, Carries("a")));
    }

    [Fact]
    public void Removals_OfTheSameTags_AreRememberedOnce()
    {
        var many = Enumerable.Range(0, 1000).Aggregate(_new, static (epoch, _) => epoch.WithRemoval(["b"]));

        Assert.Equal(1, many.Removals);
        Assert.True(many.Spares(_new.Stamp, Carries("a", "c")));
        Assert.False(many.Spares(_new.Stamp, Carries("a", "b")));
    }

    [Fact]
    public void Removals_MoreThanThereIsRoomFor_TakeWithThemWhatIsOlderThanTheForgottenOnes()
    {
        var first = _new.WithRemoval(["forgotten"]);
        var full = Enumerable.Range(0, TagEpoch.MostRemovals).Aggregate(first, static (epoch, n) => epoch.WithRemoval([$"{n}"]));

        Assert.Equal(TagEpoch.MostRemovals, full.Removals);
        Assert.False(full.Spares(_new.Stamp, Carries("a")));
        Assert.True(full.Spares(first.Stamp, Carries("a", "forgotten")));
        Assert.False(full.Spares(first.Stamp, Carries("a", "7")));
    }

    [Fact]
    public void NoResurrection_ServerThatLostItsLastRemoval_DoesNotSpareWhatWasStampedByIt()
    {
        var lost = _new.WithRemoval(["b"]);

        Assert.False(_new.Spares(lost.Stamp, Carries("a", "c")));
        Assert.False(_new.WithRemoval(["d"]).Spares(lost.Stamp, Carries("a", "c")));
    }

    private static Predicate<string> Carries(params string[] tags) => tag => tags.Contains(tag, StringComparer.Ordinal);
}
