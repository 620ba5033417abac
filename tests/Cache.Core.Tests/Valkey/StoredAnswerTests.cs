using System.Security.Cryptography;
using System.Text.Json;
using Cache.Core.Fencing;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Valkey;

/// <summary>What L2 would answer by itself, told without changing it.</summary>
public sealed class StoredAnswerTests
{
    private const string Key = "k";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly InMemoryCacheClient _client = new();

    [Fact]
    public async Task Peek_WithNothingThere_HasNoAnswer() => Assert.Equal(default, await PeekAsync());

    [Fact]
    public async Task Peek_AtAValue_FindsItWithItsRevision()
    {
        await PutAsync(new Item("k", 7));

        var answer = await PeekAsync();

        Assert.Equal((FetchOutcome.Found, 7L, "k"), (answer.Outcome, answer.Revision, answer.Value!.Id));
    }

    [Fact]
    public async Task Peek_AtADenial_TellsIt()
    {
        await _client.Fence.DenyAsync(Key, "suspended", 7, Hour);

        Assert.Equal(new StoredAnswer<Item> { Outcome = FetchOutcome.Denied, Revision = 7, Status = "suspended" }, await PeekAsync());
    }

    [Fact]
    public async Task Peek_AtAnAbsence_TellsIt()
    {
        var note = await _client.Fence.NoteAsync(Key, Hour);
        await _client.Fence.MarkAbsentAsync(Key, note.Generation!, Hour, owner: null);

        Assert.Equal(FetchOutcome.NotFound, (await PeekAsync()).Outcome);
    }

    /// <summary>MonotonicPod, RevocationWins: what a look-up would not believe is no answer either.</summary>
    [Fact]
    public async Task Peek_AtAValueThatItsFenceRefuses_HasTheFencesAnswer()
    {
        await PutAsync(new Item("k", 7));
        await SetAsync(new Item("k", 6));
        Assert.Equal(default, await PeekAsync());

        await _client.Fence.DenyAsync(Key, "suspended", 8, Hour);
        await SetAsync(new Item("k", 8));
        Assert.Equal((FetchOutcome.Denied, 8L), ((await PeekAsync()).Outcome, (await PeekAsync()).Revision));
    }

    [Fact]
    public async Task Peek_AtRubbish_TellsTheFault_AndLeavesIt()
    {
        await _client.SetAsync(Key, "{{{"u8.ToArray(), Hour);
        Assert.Equal((null, "format"), ((await PeekAsync()).Outcome, (await PeekAsync()).Fault));
        Assert.NotNull(await _client.GetAsync(Key));

        await PutAsync(new Item("somebody else's", 7));
        Assert.Equal((null, "foreign"), ((await PeekAsync()).Outcome, (await PeekAsync()).Fault));
        Assert.NotNull(await _client.GetAsync(Key));
    }

    [Fact]
    public async Task Peek_WithKeys_ReadsWhatIsEncrypted_AndNothingElse()
    {
        var keys = $"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        await Cache(keys).SetAsync(Key, new Item("k", 7), Hour);

        Assert.Equal(7, (await PeekAsync(keys)).Revision);
        Assert.Equal("format", (await PeekAsync()).Fault);
        Assert.Equal("key", (await PeekAsync($"k2:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}")).Fault);
        await PutAsync(new Item("k", 7));
        Assert.Equal("unencrypted", (await PeekAsync(keys)).Fault);
    }

    [Fact]
    public async Task Peek_WhileValkeyIsAway_SaysSo()
    {
        _client.IsUnavailable = true;

        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await PeekAsync());
    }

    private ValkeyConfigCache Cache(string? keys = null) => new(_client, keyPrefix: string.Empty, encryptionKeys: keys);

    private ValueTask<StoredAnswer<Item>> PeekAsync(string? keys = null) => Cache(keys).PeekAsync<Item>(Key, item => item.Revision, item => item.Id == Key);

    private async Task PutAsync(Item item) =>
        await _client.Fence.PutAsync(Key, Bytes(item), new FencedWrite(Guid.NewGuid().ToString("N"), item.Revision, Hour, Hour));

    /// <summary>As one who knows no fences.</summary>
    private async Task SetAsync(Item item) => await _client.SetAsync(Key, Bytes(item), Hour);

    private static byte[] Bytes(Item item) => JsonSerializer.SerializeToUtf8Bytes(item, JsonSerializerOptions.Web);

    private sealed record Item(string Id, long Revision);
}
