using Cache.Core.Fencing;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>Fences, leases and tombstones as every version has left them in a real Valkey: each binds this version as it bound its writer.</summary>
public sealed class FencePayloadTests : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string Key = "cache:tenant-1";
    private const string Owner = "fedcba9876543210fedcba9876543210";
    private static readonly TimeSpan Day = TimeSpan.FromDays(1), Lease = TimeSpan.FromMinutes(5);
    private readonly ValkeyFixture _valkey;
    private readonly ValkeyClients _clients;

    public FencePayloadTests(ValkeyFixture valkey)
    {
        _valkey = valkey;
        _clients = new ValkeyClients(valkey);
    }

    private IFence Fence => _clients.Client.Fence;

    public Task InitializeAsync() => _valkey.FlushAsync();

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Theory]
    [InlineData("fence-leased")]
    public async Task OneFetch_LeaseOfAnotherVersion_IsRespected(string name)
    {
        await RestoreAsync(name);

        var note = await Fence.NoteAsync(Key, Day, Owner, Lease);

        Assert.Equal((true, false, "d65677fd5fd449bea0951bddcf2b9ac1"), (note.IsLeasedElsewhere, note.IsLeased, note.Generation));
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(note.Generation!, revision: null));
    }

    [Theory]
    [InlineData("fence-stored", 7L)]
    [InlineData("fence-stored-without-revision", null)]
    public async Task StoredValue_IsRead_WithTheHighestRevision(string name, long? revision)
    {
        await RestoreAsync(name);

        var note = await Fence.ReadAsync(Key, Day, Owner, Lease);

        Assert.Equal(new Item("a", 1), Recorded.Envelope.Read<Item>(Key, note.Value!).Value);
        Assert.Equal((revision, null, null), (note.Revision, note.Denial, note.DenialRevision));
    }

    [Theory]
    [InlineData("fence-stored", FenceOutcome.Outdated)]
    [InlineData("fence-stored-without-revision", FenceOutcome.Stored)]
    public async Task MonotonicPod_RevisionOfAnotherVersion_Binds(string name, FenceOutcome expected)
    {
        var recorded = await RestoreAsync(name);

        Assert.Equal(FenceOutcome.Overtaken, await StoreAsync("another", revision: 8));
        Assert.Equal(expected, await StoreAsync(recorded.Fields!["g"], revision: 6));
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(recorded.Fields["g"], revision: 8));
    }

    [Theory]
    [InlineData("fence-denied", 8L)]
    [InlineData("fence-denied-without-revision", null)]
    public async Task RevocationWins_TombstoneOfAnotherVersion_Denies(string name, long? revision)
    {
        var recorded = await RestoreAsync(name);

        var note = await Fence.NoteAsync(Key, Day, Owner, Lease);

        Assert.Equal(("suspended", revision, false), (note.Denial, note.DenialRevision, note.IsLeased));
        Assert.Equal(recorded.Fields!["g"], note.Generation);
        Assert.Equal(revision is null ? FenceOutcome.Stored : FenceOutcome.Denied, await StoreAsync(note.Generation!, revision));
    }

    [Theory]
    [InlineData("fence-denied-then-invalidated")]
    public async Task TombstoneThatWasLifted_IsNoAnswer_AndItsRevisionBinds(string name)
    {
        await RestoreAsync(name);

        var note = await Fence.NoteAsync(Key, Day, Owner, Lease);

        Assert.Equal((null, 8L, true), (note.Denial, note.DenialRevision, note.IsLeased));
        Assert.Equal(FenceOutcome.Denied, await StoreAsync(note.Generation!, revision: 8));
        Assert.Equal(FenceOutcome.Stored, await StoreAsync(note.Generation!, revision: 9));
    }

    [Theory]
    [InlineData("fence-absent")]
    public async Task UnknownKey_IsUnknown(string name)
    {
        await RestoreAsync(name);

        var note = await Fence.NoteAsync(Key, Day, Owner, Lease);

        Assert.Equal((true, false, false), (note.IsAbsent, note.IsLeased, note.IsLeasedElsewhere));
    }

    /// <summary>The fields of today's fences and their values, but for generations, which are another text each time.</summary>
    [Theory]
    [InlineData("fence-leased")]
    [InlineData("fence-stored")]
    [InlineData("fence-stored-without-revision")]
    [InlineData("fence-denied")]
    [InlineData("fence-denied-without-revision")]
    [InlineData("fence-denied-then-invalidated")]
    [InlineData("fence-absent")]
    public async Task Fence_IsStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);
        var value = recorded.Keys[0].Bytes;
        switch (name)
        {
            case "fence-leased":
                await Fence.NoteAsync(Key, Day, "0123456789abcdef0123456789abcdef", Lease);
                break;
            case "fence-stored" or "fence-stored-without-revision":
                await Fence.StoreAsync(Key, value, new FencedWrite((await Fence.NoteAsync(Key, Day)).Generation!, name == "fence-stored" ? 7 : null, Day, Day));
                break;
            case "fence-denied" or "fence-denied-without-revision":
                await Fence.DenyAsync(Key, "suspended", name == "fence-denied" ? 8 : null, Day);
                break;
            case "fence-denied-then-invalidated":
                await Fence.DenyAsync(Key, "suspended", 8, Day);
                await Fence.InvalidateAsync(Key, Day);
                break;
            default:
                await Fence.MarkAbsentAsync(Key, (await Fence.NoteAsync(Key, Day, Owner, Lease)).Generation!, Lease, Owner);
                break;
        }

        Assert.Equal((long)recorded.Keys.Count, await _valkey.ExecuteAsync("DBSIZE"));
        foreach (var one in recorded.Keys)
        {
            if (one.Fields is null)
                Assert.Equal(Convert.ToHexString(one.Bytes), Convert.ToHexString((await _clients.Client.GetAsync(one.Key))!));
            else
                Assert.Equal(Told(one.Fields), Told(await FieldsAsync(one.Key)));
        }
    }

    private static IEnumerable<string> Told(IReadOnlyDictionary<string, string> fields) =>
        fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={(field.Key == "g" ? $"{field.Value.Length} characters" : field.Value)}");

    private ValueTask<FenceOutcome> StoreAsync(string generation, long? revision) => Fence.StoreAsync(Key, "v"u8.ToArray(), new FencedWrite(generation, revision, Day, Day));

    /// <summary>Puts the keys where they were; returns the fence.</summary>
    private async Task<RecordedKey> RestoreAsync(string name)
    {
        var recorded = Recorded.Read(name);
        foreach (var one in recorded.Keys)
        {
            if (one.Fields is null)
                await _clients.Client.SetAsync(one.Key, one.Bytes, Day);
            else
                await _valkey.ExecuteAsync(["HSET", one.Key, .. one.Fields.SelectMany(field => new[] { field.Key, field.Value })]);
        }

        return recorded.Keys.Single(one => one.Fields is not null);
    }

    private async Task<Dictionary<string, string>> FieldsAsync(string key)
    {
        var flat = (object?[])(await _valkey.ExecuteAsync("HGETALL", key))!;
        return flat.Chunk(2).ToDictionary(pair => $"{pair[0]}", pair => $"{pair[1]}", StringComparer.Ordinal);
    }
}
