using Cache.Core.Fencing;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Fencing;

[Collection(ValkeyCollection.Name)]
public sealed class ValkeyFenceContract : FenceContract, IAsyncDisposable
{
    private readonly ValkeyFixture _valkey;
    private readonly ValkeyClients _clients;

    public ValkeyFenceContract(ValkeyFixture valkey)
    {
        _valkey = valkey;
        _clients = new ValkeyClients(valkey);
    }

    protected override ICacheClient Client => _clients.Client;

    [Fact]
    public async Task Scripts_SurviveScriptFlush()
    {
        await NoteAsync();
        await _valkey.ExecuteAsync("SCRIPT", "FLUSH");

        var note = await NoteAsync();

        Assert.Equal(FenceOutcome.Stored, await StoreAsync(note, "v"));
    }

    [Fact]
    public async Task Fence_IsBoundedByExpiry()
    {
        var note = await NoteAsync();
        await StoreAsync(note, "v");

        Assert.InRange((long)(await _valkey.ExecuteAsync("PTTL", FenceKeys.Fence(Key)))!, 3_500_000, 3_600_000);
    }

    [Fact]
    public async Task Drop_OfAKeyThatNoCacheWrote_LeavesNothingBehind()
    {
        await Client.SetAsync(Key, "v"u8.ToArray(), TimeSpan.FromHours(1));

        Assert.Equal(DropOutcome.Dropped, await Client.Fence.DropAsync(Key));

        Assert.Equal(0L, await _valkey.ExecuteAsync("EXISTS", Key, FenceKeys.Fence(Key), FenceKeys.Lease(Key)));
    }

    [Fact]
    public async Task Drop_WithoutMemory_RemovesAndOvertakes_AndLeavesDenials()
    {
        var note = await NoteAsync();
        await Client.Fence.DenyAsync(Key + "denied", "suspended", 2, TimeSpan.FromHours(1));
        try
        {
            await _valkey.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

            await Client.Fence.DropAsync(Key);
            await Client.Fence.DropAsync(Key + "denied");
        }
        finally
        {
            await _valkey.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        }

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(note, "old"));
        Assert.Equal("suspended", (await Client.Fence.ReadAsync(Key + "denied", TimeSpan.FromHours(1), owner: null, default)).Denial);
    }

    [Theory]
    [InlineData("a string")]
    [InlineData(null)]
    public async Task Drop_OfGarbage_RemovesItAndRefusesWhatWasInFlight(string? fence)
    {
        var note = await NoteAsync();
        await _valkey.ExecuteAsync("LPUSH", Key, "no string");
        if (fence is not null)
            await _valkey.ExecuteAsync("SET", FenceKeys.Fence(Key), fence);

        Assert.Equal(DropOutcome.Dropped, await Client.Fence.DropAsync(Key));

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync(note, "old"));
        Assert.Equal(0L, await _valkey.ExecuteAsync("EXISTS", Key));
    }

    [Fact]
    public async Task Lease_OfADeadOwner_Expires()
    {
        await Client.Fence.ReadAsync(Key, TimeSpan.FromHours(1), "dead", TimeSpan.FromMilliseconds(30));

        await Eventually.HoldsAsync("another owner gets the lease", async () => (await ReadAsync("alive")).IsLeased);
    }

    [Fact]
    public async Task Garbage_InTheNamesBesideTheValue_IsReplaced()
    {
        await _valkey.ExecuteAsync("SET", FenceKeys.Fence(Key), "garbage");
        await _valkey.ExecuteAsync("LPUSH", Key, "garbage");

        var note = await ReadAsync("one");

        Assert.Null(note.Value);
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(note, "v", owner: "one"));
    }

    [Fact]
    public async Task Peek_AtWhatIsNoText_TellsAnEmptyValue_AndLeavesIt()
    {
        await _valkey.ExecuteAsync("SET", FenceKeys.Fence(Key), "garbage");
        await _valkey.ExecuteAsync("LPUSH", FenceKeys.Lease(Key), "garbage");
        await _valkey.ExecuteAsync("LPUSH", Key, "garbage");

        var peeked = await Client.Fence.PeekAsync(Key);

        Assert.Equal([], peeked.Value!);
        Assert.Equal((null, null, false), (peeked.Revision, peeked.Denial, peeked.IsLeasedElsewhere));
        Assert.Equal(3L, await _valkey.ExecuteAsync("EXISTS", Key, FenceKeys.Fence(Key), FenceKeys.Lease(Key)));
    }

    [Fact]
    public void Names_ShareTheSlotOfTheirValue()
    {
        Assert.Equal("fence:{tm-config:a}", FenceKeys.Fence("tm-config:a"));
        Assert.Equal("lease:x{tenant}y", FenceKeys.Lease("x{tenant}y"));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
