using System.Text;
using Cache.Core.Fencing;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Fencing;

/// <summary>What every <see cref="IFence"/> promises: by scripts in a real Valkey, and by the double that stands for it in tests.</summary>
public abstract class FenceContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly string _key = $"fenced-{Guid.NewGuid():N}:";

    protected abstract ICacheClient Client { get; }

    protected string Key => _key;

    private IFence Fence => Client.Fence;

    [Fact]
    public async Task Store_AfterItsOwnNote_StoresWithItsLifetime()
    {
        var note = await NoteAsync();

        Assert.Equal(FenceOutcome.Stored, await StoreAsync(note, "v"));
        var read = await ReadAsync();

        Assert.Equal("v", Encoding.UTF8.GetString(read.Value!));
        Assert.InRange(read.Remaining!.Value, TimeSpan.FromMinutes(59), Hour);
    }

    [Fact]
    public async Task Store_OfALifetimeOfZero_NeverExpires()
    {
        await Fence.StoreAsync(_key, "v"u8.ToArray(), new FencedWrite((await NoteAsync()).Generation!, Revision: null, TimeSpan.Zero, Hour));

        Assert.Null((await ReadAsync()).Remaining);
        Assert.NotNull((await ReadAsync()).Value);
    }

    [Fact]
    public async Task NoResurrection_InvalidatedAfterTheNote_RefusesTheStore()
    {
        var note = await NoteAsync();

        await Fence.InvalidateAsync(_key, Hour);

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(note, "old"));
        Assert.Null(await Client.GetAsync(_key));
    }

    [Fact]
    public async Task Extend_OfWhatWasPutUnderTheGeneration_LivesOn()
    {
        await Fence.PutAsync(_key, "v"u8.ToArray(), new FencedWrite("one", Revision: null, TimeSpan.FromMinutes(1), Hour));

        Assert.True(await Fence.ExtendAsync(_key, "one", TimeSpan.FromMinutes(30), Hour));

        Assert.InRange((await ReadAsync()).Remaining!.Value, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task Extend_OfWhatWasReplacedOrRemoved_ChangesNothing()
    {
        await Fence.PutAsync(_key, "old"u8.ToArray(), new FencedWrite("one", Revision: null, TimeSpan.FromMinutes(1), Hour));
        await Fence.PutAsync(_key, "new"u8.ToArray(), new FencedWrite("two", Revision: null, TimeSpan.FromMinutes(1), Hour));

        Assert.False(await Fence.ExtendAsync(_key, "one", TimeSpan.FromMinutes(30), Hour));
        Assert.InRange((await ReadAsync()).Remaining!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        await Fence.InvalidateAsync(_key, Hour);
        Assert.False(await Fence.ExtendAsync(_key, "two", TimeSpan.FromMinutes(30), Hour));
        Assert.Null(await Client.GetAsync(_key));
    }

    [Fact]
    public async Task Invalidate_RemovesTheValue_Twice()
    {
        await StoreAsync(await NoteAsync(), "v");

        await Fence.InvalidateAsync(_key, Hour);
        await Fence.InvalidateAsync(_key, Hour);

        Assert.Null(await Client.GetAsync(_key));
    }

    [Fact]
    public async Task NoResurrection_AFenceThatIsGone_RefusesTheStore()
    {
        await Client.DeleteAsync([FenceKeys.Fence(_key)]);

        Assert.Equal(FenceOutcome.Overtaken, await Fence.StoreAsync(_key, "old"u8.ToArray(), new FencedWrite("of a lost fence", 1, Hour, Hour)));
        Assert.Null(await Client.GetAsync(_key));
    }

    [Fact]
    public async Task NoResurrection_PutAfterTheNote_OvertakesTheFetch()
    {
        var note = await NoteAsync();

        Assert.Equal(FenceOutcome.Stored, await PutAsync("written", revision: null));

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(note, "fetched"));
        Assert.Equal("written", await TextAsync());
    }

    [Theory]
    [InlineData(1, FenceOutcome.Outdated)]
    [InlineData(9, FenceOutcome.Outdated)]
    [InlineData(10, FenceOutcome.Stored)]
    [InlineData(11, FenceOutcome.Stored)]
    [InlineData(9_007_199_254_740_993, FenceOutcome.Stored)]
    public async Task MonotonicPod_AgainstRevisionTen_OnlyALowerOneIsRefused(long revision, FenceOutcome expected)
    {
        await StoreAsync(await NoteAsync(), "ten", 10);

        Assert.Equal(expected, await StoreAsync(await NoteAsync(), "other", revision));
        Assert.Equal(expected == FenceOutcome.Stored ? "other" : "ten", await TextAsync());
    }

    [Fact]
    public async Task MonotonicPod_RevisionsBeyondADouble_AreToldApart()
    {
        await StoreAsync(await NoteAsync(), "newer", long.MaxValue);

        Assert.Equal(FenceOutcome.Outdated, await StoreAsync(await NoteAsync(), "older", long.MaxValue - 1));
    }

    [Fact]
    public async Task MonotonicPod_AnInvalidation_KeepsTheHighestRevision()
    {
        await StoreAsync(await NoteAsync(), "ten", 10);
        await Fence.InvalidateAsync(_key, Hour);

        Assert.Equal(FenceOutcome.Outdated, await StoreAsync(await NoteAsync(), "nine", 9));
    }

    [Fact]
    public async Task RevocationWins_DeniedAfterTheNote_RefusesTheStore_AndSaysWhy()
    {
        var note = await NoteAsync();

        Assert.Equal(FenceOutcome.Stored, await Fence.DenyAsync(_key, "suspended", 7, Hour));

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(note, "old", 6));
        var read = await ReadAsync("owner");
        Assert.Equal(("suspended", 7L, false), (read.Denial, read.DenialRevision, read.IsLeased));
    }

    [Theory]
    [InlineData(6, FenceOutcome.Outdated)]
    [InlineData(7, FenceOutcome.Denied)]
    [InlineData(8, FenceOutcome.Stored)]
    public async Task RevocationWins_DeniedWithRevisionSeven_OnlyAHigherOneLiftsIt(long revision, FenceOutcome expected)
    {
        await Fence.DenyAsync(_key, "suspended", 7, Hour);

        Assert.Equal(expected, await StoreAsync(await NoteAsync(), "v", revision));
        Assert.Equal(expected == FenceOutcome.Stored, (await ReadAsync()).Denial is null);
    }

    [Fact]
    public async Task RevocationWins_DeniedWithoutARevision_IsLiftedByALaterFetchOnly()
    {
        var before = await NoteAsync();
        await Fence.DenyAsync(_key, string.Empty, revision: null, Hour);

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(before, "old"));
        Assert.Equal(string.Empty, (await ReadAsync()).Denial);
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(await NoteAsync(), "new"));
        Assert.Null((await ReadAsync()).Denial);
    }

    [Fact]
    public async Task RevocationWins_AnOlderDenial_DoesNotReplaceANewerValue()
    {
        await StoreAsync(await NoteAsync(), "reactivated", 8);

        Assert.Equal(FenceOutcome.Outdated, await Fence.DenyAsync(_key, "suspended", 7, Hour));
        Assert.Equal("reactivated", await TextAsync());
    }

    [Fact]
    public async Task Invalidate_OfADeniedKey_MakesTheSourceBeAsked_AndKeepsTheGuard()
    {
        await Fence.DenyAsync(_key, "suspended", 7, Hour);
        await Fence.InvalidateAsync(_key, Hour);

        var read = await ReadAsync("owner");

        Assert.Null(read.Denial);
        Assert.True(read.IsLeased);
        Assert.Equal(FenceOutcome.Denied, await StoreAsync(await NoteAsync(), "stale", 7));
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(await NoteAsync(), "reactivated", 8));
    }

    [Fact]
    public async Task Put_OfADeniedKey_NeedsAHigherRevision()
    {
        await Fence.DenyAsync(_key, "suspended", 7, Hour);

        Assert.Equal(FenceOutcome.Denied, await PutAsync("v", revision: null));
        Assert.Equal(FenceOutcome.Denied, await PutAsync("v", 7));
        Assert.Equal(FenceOutcome.Stored, await PutAsync("v", 8));
    }

    [Fact]
    public async Task OneFetch_OfTwoOwners_OneGetsTheLease_UntilItStores()
    {
        var leader = await ReadAsync("one");
        var other = await ReadAsync("two");

        Assert.Equal((true, false), (leader.IsLeased, leader.IsLeasedElsewhere));
        Assert.Equal((false, true), (other.IsLeased, other.IsLeasedElsewhere));
        Assert.Equal(leader.Generation, other.Generation);

        Assert.Equal(FenceOutcome.Stored, await StoreAsync(leader, "v", owner: "one"));
        Assert.NotNull((await ReadAsync("two")).Value);
    }

    [Fact]
    public async Task OneFetch_OwnerWhoAsksAgain_HasTheLeaseStill()
    {
        var first = await ReadAsync("one");
        var again = await ReadAsync("one");

        Assert.Equal((true, false), (again.IsLeased, again.IsLeasedElsewhere));
        Assert.Equal(first.Generation, again.Generation);
        Assert.True((await ReadAsync("two")).IsLeasedElsewhere);
    }

    [Fact]
    public async Task OneFetch_OwnerWhoNotesAgain_HasTheLeaseStill()
    {
        var first = await NoteAsync("one");
        var again = await NoteAsync("one");
        var other = await NoteAsync("two");

        Assert.Equal((true, false, first.Generation), (again.IsLeased, again.IsLeasedElsewhere, again.Generation));
        Assert.Equal((false, true, first.Generation), (other.IsLeased, other.IsLeasedElsewhere, other.Generation));
        Assert.True((await ReadAsync("one")).IsLeased);

        ValueTask<FenceNote> NoteAsync(string owner) => Fence.NoteAsync(_key, Hour, owner, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Release_ByItsOwner_FreesTheLease_ByAnotherNot()
    {
        await ReadAsync("one");

        await Fence.ReleaseAsync(_key, "two");
        Assert.False((await ReadAsync("two")).IsLeased);
        await Fence.ReleaseAsync(_key, "one");
        Assert.True((await ReadAsync("two")).IsLeased);
    }

    [Theory]
    [InlineData("one", true)]
    [InlineData("two", false)]
    public async Task OneFetch_AnAnswerThatIsRefused_GivesItsOwnersLeaseBack(string owner, bool isFree)
    {
        await StoreAsync(await NoteAsync(), "ten", 10);
        await Client.DeleteAsync([_key]);
        var note = await ReadAsync("one");
        Assert.True(note.IsLeased);

        Assert.Equal(FenceOutcome.Outdated, await StoreAsync(note, "nine", 9, owner));

        Assert.Equal(isFree, (await ReadAsync("three")).IsLeased);
    }

    [Theory]
    [InlineData("one", true)]
    [InlineData("two", false)]
    public async Task OneFetch_AMarkThatIsRefused_GivesItsOwnersLeaseBack(string owner, bool isFree)
    {
        Assert.True((await ReadAsync("one")).IsLeased);

        Assert.Equal(FenceOutcome.Overtaken, await Fence.MarkAbsentAsync(_key, "another", Hour, owner));

        Assert.Equal(isFree, (await ReadAsync("three")).IsLeased);
    }

    [Fact]
    public async Task Renew_TellsWhetherTheLeaseIsTheOwnersStill()
    {
        await ReadAsync("one");

        Assert.True(await Fence.RenewAsync(_key, "one", Hour));
        Assert.False(await Fence.RenewAsync(_key, "two", Hour));
        await Fence.ReleaseAsync(_key, "one");
        Assert.False(await Fence.RenewAsync(_key, "one", Hour));
    }

    [Fact]
    public async Task MonotonicPod_RevisionZero_IsOne()
    {
        await StoreAsync(await NoteAsync(), "zero", 0);

        Assert.Equal(0L, (await Fence.PeekAsync(_key)).Revision);
        Assert.Equal(0L, (await ReadAsync()).Revision);
    }

    [Fact]
    public async Task Invalidate_FreesTheLease()
    {
        await ReadAsync("one");
        await Fence.InvalidateAsync(_key, Hour);

        Assert.True((await ReadAsync("two")).IsLeased);
    }

    [Fact]
    public async Task MarkAbsent_AnswersLaterReaders_UntilAnInvalidation()
    {
        var note = await ReadAsync("one");

        Assert.Equal(FenceOutcome.Stored, await Fence.MarkAbsentAsync(_key, note.Generation!, Hour, "one"));
        Assert.True((await ReadAsync("two")).IsAbsent);
        await Fence.InvalidateAsync(_key, Hour);
        Assert.False((await ReadAsync("two")).IsAbsent);
    }

    [Fact]
    public async Task MarkAbsent_ByAnOvertakenFetch_IsRefused()
    {
        var note = await ReadAsync("one");
        await Fence.InvalidateAsync(_key, Hour);

        Assert.Equal(FenceOutcome.Overtaken, await Fence.MarkAbsentAsync(_key, note.Generation!, Hour, "one"));
        Assert.False((await ReadAsync("two")).IsAbsent);
    }

    [Fact]
    public async Task MarkAbsent_GivesWayToAValue()
    {
        var note = await NoteAsync();
        await Fence.MarkAbsentAsync(_key, note.Generation!, Hour, owner: null);
        await StoreAsync(note, "v");

        Assert.Equal("v", await TextAsync());
        Assert.False((await ReadAsync("two")).IsAbsent);
    }

    [Fact]
    public async Task Peek_TellsTheValueAndItsFence_AndLeavesNothingBehind()
    {
        Assert.Equal(default, await Fence.PeekAsync(_key));
        Assert.Equal(0, await Client.ExistsAsync([_key, FenceKeys.Fence(_key), FenceKeys.Lease(_key)]));

        await StoreAsync(await NoteAsync(), "v", 7);
        var peeked = await Fence.PeekAsync(_key);

        Assert.Equal(("v", 7L, null), (Encoding.UTF8.GetString(peeked.Value!), peeked.Revision, peeked.Denial));
        Assert.InRange(peeked.Remaining!.Value, TimeSpan.FromMinutes(59), Hour);
    }

    [Fact]
    public async Task Peek_TellsDenialsAndAbsence()
    {
        await Fence.DenyAsync(_key, "suspended", 7, Hour);
        var denied = await Fence.PeekAsync(_key);
        Assert.Equal((null, "suspended", 7L), (denied.Value, denied.Denial, denied.DenialRevision));

        await Fence.InvalidateAsync(_key, Hour);
        await Fence.MarkAbsentAsync(_key, (await NoteAsync()).Generation!, Hour, owner: null);
        Assert.True((await Fence.PeekAsync(_key)).IsAbsent);
    }

    [Fact]
    public async Task Peek_TakesNoLease()
    {
        await Fence.PeekAsync(_key);

        Assert.True((await ReadAsync("one")).IsLeased);
        Assert.True((await Fence.PeekAsync(_key)).IsLeasedElsewhere);
    }

    [Fact]
    public async Task NoResurrection_DroppedDuringTheFetch_RefusesTheStore()
    {
        var note = await ReadAsync("one");

        Assert.Equal(DropOutcome.Absent, await Fence.DropAsync(_key));

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(note, "old", owner: "one"));
        Assert.Null(await Client.GetAsync(_key));
        var next = await ReadAsync("two");
        Assert.True(next.IsLeased);
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(next, "new", owner: "two"));
    }

    [Fact]
    public async Task Drop_RemovesTheValue_AndTellsWhetherThereWasOne()
    {
        await StoreAsync(await NoteAsync(), "v", revision: 3);

        Assert.Equal(DropOutcome.Dropped, await Fence.DropAsync(_key));
        Assert.Equal(DropOutcome.Absent, await Fence.DropAsync(_key));

        // The revisions stay as guards (MonotonicPod).
        Assert.Equal(FenceOutcome.Outdated, await StoreAsync(await NoteAsync(), "older", revision: 2));
    }

    [Fact]
    public async Task NoResurrection_DroppedWithAValue_OvertakesTheRefreshInFlight()
    {
        await StoreAsync(await NoteAsync(), "v");
        var refresh = await NoteAsync();

        Assert.Equal(DropOutcome.Dropped, await Fence.DropAsync(_key));

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(refresh, "old"));
    }

    [Theory]
    [InlineData(2L)]
    [InlineData(null)]
    public async Task RevocationWins_DroppedDenial_StandsAndRefusesWhatItRefused(long? revision)
    {
        var before = await NoteAsync();
        await StoreAsync(before, "v", revision: 1);
        await Fence.DenyAsync(_key, "suspended", revision, Hour);

        Assert.Equal(DropOutcome.Absent, await Fence.DropAsync(_key));

        Assert.Equal("suspended", (await ReadAsync()).Denial);
        Assert.Equal(revision, (await ReadAsync()).DenialRevision);
        Assert.NotEqual(FenceOutcome.Stored, await StoreAsync(before, "v", revision: 1));
        Assert.Equal(FenceOutcome.Denied, await PutAsync("v", revision: null));
        Assert.Null(await Client.GetAsync(_key));
    }

    [Fact]
    public async Task DropWithoutValue_LeavesAValue_AndOvertakesOnlyWhereThereIsNone()
    {
        await StoreAsync(await NoteAsync(), "v");
        var refresh = await NoteAsync();

        Assert.Equal(DropOutcome.Kept, await Fence.DropAsync(_key, onlyWithoutValue: true));
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(refresh, "w"));

        await Client.DeleteAsync([_key]);
        var fetch = await NoteAsync();
        Assert.Equal(DropOutcome.Absent, await Fence.DropAsync(_key, onlyWithoutValue: true));
        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(fetch, "old"));
    }

    [Fact]
    public async Task Drop_OfAnUnknownKeysMark_AsksTheSourceAgain()
    {
        var note = await NoteAsync();
        await Fence.MarkAbsentAsync(_key, note.Generation!, Hour, owner: null);
        Assert.True((await ReadAsync()).IsAbsent);

        await Fence.DropAsync(_key);

        Assert.False((await ReadAsync("two")).IsAbsent);
    }

    [Fact]
    public async Task Removal_PassesTheFence_RemovesTheValue_AndGivesTheLeaseBack()
    {
        await StoreAsync(await NoteAsync(), "v", revision: 1);
        var note = await Fence.NoteAsync(_key, Hour, "one", TimeSpan.FromSeconds(30));

        Assert.Equal(FenceOutcome.Stored, await RemoveAsync(note, revision: 2, "one"));

        Assert.Null(await Client.GetAsync(_key));
        var after = await ReadAsync("two");
        Assert.Equal((true, 2L), (after.IsLeased, after.Revision));
    }

    [Fact]
    public async Task Removal_ThatSomethingHasOvertaken_RemovesNothing()
    {
        await StoreAsync(await NoteAsync(), "v", revision: 2);
        Assert.Equal(FenceOutcome.Outdated, await RemoveAsync(await NoteAsync(), revision: 1));
        var note = await NoteAsync();
        await PutAsync("w", revision: 3);
        Assert.Equal(FenceOutcome.Overtaken, await RemoveAsync(note, revision: 4));

        Assert.Equal("w", await TextAsync());
    }

    [Fact]
    public async Task RevocationWins_RemovalNotNewerThanADenial_LeavesIt()
    {
        await Fence.DenyAsync(_key, "suspended", 2, Hour);

        Assert.Equal(FenceOutcome.Denied, await RemoveAsync(await NoteAsync(), revision: 2));
        Assert.Equal("suspended", (await ReadAsync()).Denial);
        Assert.Equal(FenceOutcome.Stored, await RemoveAsync(await NoteAsync(), revision: 3));
        Assert.Null((await ReadAsync()).Denial);
    }

    protected ValueTask<FenceNote> NoteAsync() => Fence.NoteAsync(_key, Hour);

    protected ValueTask<FenceNote> ReadAsync(string? owner = null) => Fence.ReadAsync(_key, Hour, owner, TimeSpan.FromSeconds(30));

    protected ValueTask<FenceOutcome> StoreAsync(FenceNote note, string value, long? revision = null, string? owner = null) =>
        Fence.StoreAsync(_key, Encoding.UTF8.GetBytes(value), new FencedWrite(note.Generation!, revision, Hour, Hour, owner));

    private ValueTask<FenceOutcome> RemoveAsync(FenceNote note, long? revision, string? owner = null) =>
        Fence.StoreAsync(_key, default, new FencedWrite(note.Generation!, revision, Hour, Hour, owner) { IsRemoval = true });

    private ValueTask<FenceOutcome> PutAsync(string value, long? revision) =>
        Fence.PutAsync(_key, Encoding.UTF8.GetBytes(value), new FencedWrite(Guid.NewGuid().ToString("N"), revision, Hour, Hour));

    private async Task<string> TextAsync() => Encoding.UTF8.GetString((await Client.GetAsync(_key))!);
}
