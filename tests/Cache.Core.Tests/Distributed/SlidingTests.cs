using System.Text;
using Microsoft.Extensions.Caching.Distributed;

namespace Cache.Core.Tests.Distributed;

/// <summary>What is read lives on: never less than promised, little longer, and without a write for each read.</summary>
public sealed class SlidingTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_WithinTheWindow_LivesForTheWholeWindowFromThen(bool isShared)
    {
        await using var rig = new DistributedRig(isShared);
        await rig.Cache.SetAsync("k", [1], DistributedRig.Sliding);

        // Reads after ever other times, in each of which a renewal may or may not be due.
        foreach (var share in new[] { 0.0, 0.01, 0.09, 0.1, 0.101, 0.5, 0.9, 0.99, 0.05, 1.0 })
        {
            rig.Time.Advance(DistributedRig.Window * share);
            Assert.NotNull(await rig.Cache.GetAsync("k"));
            rig.Time.Advance(DistributedRig.Window - Moment);
            Assert.NotNull(await rig.Cache.GetAsync("k"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unread_EndsWithinTheSlack(bool isShared)
    {
        await using var rig = new DistributedRig(isShared);
        await rig.Cache.SetAsync("k", [1], DistributedRig.Sliding);
        rig.Time.Advance(DistributedRig.Window);
        Assert.NotNull(await rig.Cache.GetAsync("k"));

        rig.Time.Advance(DistributedRig.Window + DistributedRig.Slack);

        Assert.Null(await rig.Cache.GetAsync("k"));
    }

    [Fact]
    public async Task Window_WithoutEnd_IsKept()
    {
        await using var rig = new DistributedRig(isShared: true);

        await rig.Cache.SetAsync("k", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.MaxValue });

        Assert.Equal([1], await rig.Cache.GetAsync("k"));
    }

    [Fact]
    public async Task Unread_OfDays_EndsFiveMinutesLater()
    {
        await using var rig = new DistributedRig();
        await rig.Cache.SetAsync("k", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromDays(14) });

        rig.Time.Advance(TimeSpan.FromDays(14) + TimeSpan.FromMinutes(5));

        Assert.Null(await rig.Cache.GetAsync("k"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cap_EndsItInSpiteOfReads(bool isShared)
    {
        await using var rig = new DistributedRig(isShared);
        await rig.Cache.SetAsync("k", [1], new DistributedCacheEntryOptions { SlidingExpiration = DistributedRig.Window, AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        for (var minute = 0; minute < 59; minute++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(await rig.Cache.GetAsync("k"));
        }

        rig.Time.Advance(TimeSpan.FromMinutes(1) - Moment);
        Assert.NotNull(await rig.Cache.GetAsync("k"));
        rig.Time.Advance(Moment);
        Assert.Null(await rig.Cache.GetAsync("k"));
    }

    [Fact]
    public async Task Reads_AreToldToL2_OncePerSlack_HoweverManyThereAre()
    {
        await using var rig = new DistributedRig();
        var other = rig.Open();
        await rig.Cache.SetAsync("k", [1], DistributedRig.Sliding);

        for (var second = 0; second < 3600; second++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.Cache.GetAsync("k");
            await other.GetAsync("k");
        }

        // One process's renewal counts for the other as soon as it reads L2: an hour has thirty slacks.
        Assert.InRange(rig.Renewals, 25, 31);
    }

    [Fact]
    public async Task Refresh_CountsAsARead()
    {
        await using var rig = new DistributedRig();
        await rig.Cache.SetAsync("k", [1], DistributedRig.Sliding);
        for (var n = 0; n < 5; n++)
        {
            rig.Time.Advance(DistributedRig.Window - Moment);
            await rig.Cache.RefreshAsync("k");
        }

        Assert.NotNull(await rig.Cache.GetAsync("k"));
    }

    [Fact]
    public async Task ARenewal_ThatAWriteElsewhereHasOvertaken_LeavesItsLifeAlone()
    {
        await using var rig = new DistributedRig();
        var other = rig.Open();
        await rig.Cache.SetAsync("k", "old"u8.ToArray(), DistributedRig.Sliding);
        rig.Time.Advance(DistributedRig.Window);
        rig.BeforeRenewal = async () =>
        {
            rig.BeforeRenewal = null;
            await other.SetAsync("k", "new"u8.ToArray(), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(1) });
        };

        await rig.Cache.GetAsync("k");
        Assert.Equal(1, rig.Renewals);
        rig.Time.Advance(TimeSpan.FromMinutes(1) - Moment);
        Assert.Equal("new", Encoding.UTF8.GetString((await rig.Cache.GetAsync("k"))!));
        rig.Time.Advance(Moment);

        Assert.Null(await other.GetAsync("k"));
        Assert.Null(await rig.Cache.GetAsync("k"));
    }

    [Fact]
    public async Task ARenewal_ThatHasFailed_IsTold_AndTriedAgain()
    {
        await using var rig = new DistributedRig();
        await rig.Cache.SetAsync("k", [1], DistributedRig.Sliding);
        rig.Time.Advance(DistributedRig.Window);
        rig.BeforeRenewal = () => throw new Core.Valkey.CacheUnavailableException("The renewal was lost.");

        await Assert.ThrowsAsync<Core.Valkey.CacheUnavailableException>(() => rig.Cache.GetAsync("k"));
        rig.BeforeRenewal = null;
        await rig.Cache.GetAsync("k");

        rig.Time.Advance(DistributedRig.Window - Moment);
        Assert.NotNull(await rig.Cache.GetAsync("k"));
    }
}
