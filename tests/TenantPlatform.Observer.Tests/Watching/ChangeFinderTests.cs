using TenantManager.Contracts.Changes;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Watching;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Watching;

public sealed class ChangeFinderTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void InList_FirstList_TeachesOnly() => Assert.Empty(List(Finder(), new("a", 1), new("b", 7)).Chosen);

    [Fact]
    public void InList_ChangedAndNewTenants_AreFoundOnce()
    {
        var changes = Finder();
        List(changes, new("a", 1), new("b", 7));

        var found = List(changes, new("a", 1), new("b", 8), new("c", 1));

        Assert.Equal(["b", "c"], found.Chosen.Select(change => change.Tenant.Value));
        Assert.All(found.Chosen, change => Assert.Null(change.Truth));
        Assert.Equal(_time.GetTimestamp(), found.Chosen[0].Known);
        Assert.Equal(0, found.Skipped);
        Assert.Empty(List(changes, new("a", 1), new("b", 8), new("c", 1)).Chosen);
    }

    [Fact]
    public void InFeed_Change_ComesWithWhatIsTrueSince()
    {
        var changes = Finder();
        Feed(changes, teaches: true, new("a", 1), new("b", 7));

        var found = Feed(changes, teaches: false, new("a", 2), new("b", 8, "suspended"), new("c", 1));

        Assert.Equal([new Truth("found", 2), new Truth("denied", 8), new Truth("found", 1)], found.Chosen.Select(change => change.Truth!.Value));
    }

    [Fact]
    public void Change_ThatBothTellOf_IsFoundOnce()
    {
        var changes = Finder();
        List(changes, new("a", 1), new("b", 1));

        Assert.Single(Feed(changes, teaches: false, new TenantChange("a", 2)).Chosen);
        Assert.Empty(List(changes, new("a", 2), new("b", 1)).Chosen);
        Assert.Single(List(changes, new("a", 2), new("b", 2)).Chosen);
        Assert.Empty(Feed(changes, teaches: false, new TenantChange("b", 2)).Chosen);
    }

    /// <summary>The list may have been read before the change that the feed has told of.</summary>
    [Fact]
    public void InList_AskedForBeforeTheFeedTold_IsNotTheStateGoingBack()
    {
        var changes = Finder();
        List(changes, new TenantMark("a", 1));
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(Feed(changes, teaches: false, new TenantChange("a", 2)).Chosen);

        Assert.Empty(changes.InList([new("a", 1)], asked).Chosen);
        Assert.Empty(List(changes, new TenantMark("a", 2)).Chosen);
    }

    [Fact]
    public void LowerRevision_AskedForLater_IsARestoredBackup_AndAChange()
    {
        var changes = Finder();
        List(changes, new TenantMark("a", 5));

        Assert.Single(List(changes, new TenantMark("a", 4)).Chosen);
    }

    [Fact]
    public void InList_TenantThatIsGone_IsForgotten()
    {
        var changes = Finder();
        List(changes, new("a", 5), new("b", 5));
        List(changes, new TenantMark("b", 5));

        Assert.Equal("a", Assert.Single(List(changes, new("a", 5), new("b", 5)).Chosen).Tenant.Value);
    }

    [Fact]
    public void OneInThree_ChoosesEveryThird()
    {
        var changes = Finder(oneIn: 3);
        List(changes);
        var (chosen, skipped) = (0, 0);

        for (var revision = 1; revision <= 9; revision++)
        {
            var found = List(changes, new TenantMark("a", revision));
            chosen += found.Chosen.Count;
            skipped += found.Skipped;
        }

        Assert.Equal((3, 6), (chosen, skipped));
    }

    [Fact]
    public void IdThatIsNone_IsLeftOut()
    {
        var changes = Finder();
        List(changes);

        Assert.Empty(List(changes, new TenantMark("../x", 1)).Chosen);
        Assert.Empty(Feed(changes, teaches: false, new TenantChange("a b", 1)).Chosen);
    }

    private ChangeFinder Finder(int oneIn = 1) => new(new ObserverOptions { OneIn = oneIn }, _time);

    private FoundChanges List(ChangeFinder changes, params TenantMark[] marks)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return changes.InList(marks, _time.GetTimestamp());
    }

    private FoundChanges Feed(ChangeFinder changes, bool teaches, params TenantChange[] told)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return changes.InFeed(told, _time.GetTimestamp(), teaches);
    }
}
