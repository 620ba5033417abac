using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>Tags that most entries carry and no others are kept once, and go for all of them.</summary>
public sealed class SharedTagsTests
{
    private readonly Tiers _tiers = new();

    [Fact]
    public void CommonTags_TakeNoRoomInTheirEntries_OthersDo()
    {
        Assert.Equal(typeof(MemoryEntry<string>), Kept("k", new Stamps { AreCommon = true }));
        Assert.Equal(typeof(DetailedEntry<string>), Kept("k", new Stamps()));
    }

    [Fact]
    public void CommonTagsThatGo_TakeTheirEntriesWithThem_AndNoOthers()
    {
        var (gone, others, own) = (new Stamps { AreCommon = true }, new Stamps { AreCommon = true }, new Stamps());
        Fill("gone", gone);
        Fill("gone-too", gone);
        Fill("others", others);
        Fill("own", own);
        _tiers.Fill("none", "v");

        (gone.AreCurrent, gone.AreRevoked) = (false, true);

        Assert.Equal([null, null, "v", "v", "v"], new[] { "gone", "gone-too", "others", "own", "none" }.Select(_tiers.Fresh));
        Assert.Equal([null, null, "v", "v", "v"], new[] { "gone", "gone-too", "others", "own", "none" }.Select(_tiers.Stale));
    }

    [Fact]
    public void CommonTagsThatNobodyKnowsOf_AreAskedFor_AndServedStaleMeanwhile()
    {
        var tags = new Stamps { AreCommon = true };
        Fill("k", tags);
        (tags.AreCurrent, tags.AreUnknown) = (false, true);

        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));
        Assert.Same(tags, _tiers.Tier.UnknownTags("k"));
    }

    [Fact]
    public void CommonTagsThatCameAgainAndAgain_HaveRoomOfTheirOwnOnceTheNumbersAreUsedUp()
    {
        var all = Enumerable.Range(0, SharedTags.Most + 3).Select(static _ => new Stamps { AreCommon = true }).ToList();
        for (var n = 0; n < all.Count; n++)
            Assert.Equal(n < SharedTags.Most ? typeof(MemoryEntry<string>) : typeof(DetailedEntry<string>), Kept($"k{n}", all[n]));

        // Each entry goes with its own.
        for (var n = 0; n < all.Count; n++)
        {
            Assert.Equal("v", _tiers.Fresh($"k{n}"));
            all[n].AreCurrent = false;
            Assert.Null(_tiers.Fresh($"k{n}"));
        }
    }

    [Fact]
    public void CommonTagsThatAreGoneAlready_UseUpNoNumber()
    {
        for (var n = 0; n < SharedTags.Most + 3; n++)
            Kept("gone", new Stamps { AreCommon = true, AreCurrent = false });
        Assert.Equal(typeof(MemoryEntry<string>), Kept("k", new Stamps { AreCommon = true }));
    }

    [Fact]
    public void Entry_KeepsItsNumber_WhateverIsCounted()
    {
        for (byte number = 0; number <= SharedTags.Most; number++)
        {
            var entry = new MemoryEntry<string>("k", 1, "v", revision: null, 2, 3) { TagNumber = number };
            for (var hits = 0; hits < 5; hits++)
                entry.CountHit();
            Assert.Equal((number, number != 0, false, 3), (entry.TagNumber, entry.IsTagged, entry.HasOwnTags, (int)entry.Frequency));
            entry.Frequency = 1;
            Assert.Equal((number, 1), (entry.TagNumber, (int)entry.Frequency));
        }
    }

    private Type Kept(string key, ITagStamps tags)
    {
        Fill(key, tags);
        var isFresh = _tiers.Tier.TryGetFresh<string>(key, out var entry);
        Assert.True(isFresh || _tiers.Tier.TryGetStale(key, out entry));
        return entry!.GetType();
    }

    private void Fill(string key, ITagStamps tags) =>
        Assert.Equal(FillResult.Accepted, _tiers.Tier.Fill(key, _tiers.Tier.NoteEpoch(key), "v", revision: null, new EntryTerms(Tiers.Soft, Tiers.Soft, Tiers.Hard, Tags: tags)));
}
