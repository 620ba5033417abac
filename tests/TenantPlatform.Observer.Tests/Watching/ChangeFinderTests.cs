using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Tests.Watching;

public sealed class ChangeFinderTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Find_FirstList_TeachesOnly() => Assert.Empty(new ChangeFinder(1).Find([Mark("a", 1), Mark("b", 7)]).Chosen);

    [Fact]
    public void Find_ChangedAndNewTenants_AreFoundOnce()
    {
        var changes = new ChangeFinder(1);
        changes.Find([Mark("a", 1), Mark("b", 7)]);

        var (chosen, skipped) = changes.Find([Mark("a", 1), Mark("b", 8), Mark("c", 1)]);

        Assert.Equal(["b", "c"], chosen.Select(change => change.Tenant.Value));
        Assert.Equal(Now, chosen[0].At);
        Assert.Equal(0, skipped);
        Assert.Empty(changes.Find([Mark("a", 1), Mark("b", 8), Mark("c", 1)]).Chosen);
    }

    [Fact]
    public void Find_OneInThree_ChoosesEveryThird()
    {
        var changes = new ChangeFinder(3);
        changes.Find([]);
        var (chosen, skipped) = (0, 0);

        for (var revision = 1; revision <= 9; revision++)
        {
            var found = changes.Find([Mark("a", revision)]);
            chosen += found.Chosen.Count;
            skipped += found.Skipped;
        }

        Assert.Equal((3, 6), (chosen, skipped));
    }

    [Fact]
    public void Find_IdThatIsNone_IsLeftOut()
    {
        var changes = new ChangeFinder(1);
        changes.Find([]);

        Assert.Empty(changes.Find([Mark("../x", 1)]).Chosen);
    }

    private static TenantMark Mark(string id, long revision) => new(id, revision, Now);
}
