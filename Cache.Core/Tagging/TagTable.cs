using System.Collections.Concurrent;
using System.Text;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Shared;
using Cache.Core.Valkey;

namespace Cache.Core.Tagging;

/// <summary>
/// Tags by logical epochs: each tag has a unique token in Valkey, every entry carries the tokens of its tags, and removing
/// a tag changes the token. Nothing is searched for, no clock is compared, and every process sees it.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A token that Valkey has lost never matches again. Without a client the epochs are this process's own.
/// What is known here is kept right by coherence; without it, L2 is asked each time an entry is read from there.
/// </remarks>
internal sealed class TagTable(
    ICacheClient? client, string keyPrefix, TimeSpan life, SharedCalls calls, ICoherence coherence, TimeProvider time, CancellationToken stop = default)
{
    private const int MostTags = 100_000;
    private const string Mark = "~tag~";
    private readonly string _prefix = keyPrefix + Mark;
    private readonly ConcurrentDictionary<string, TagState> _states = new(StringComparer.Ordinal);

    /// <summary>Whether a key of L2 is a tag's, of the cache with this prefix.</summary>
    public static bool IsTag(string keyPrefix, string stored) => stored.StartsWith(keyPrefix, StringComparison.Ordinal) && stored.AsSpan(keyPrefix.Length).StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The tags' present epochs, for an entry whose fetch begins now.</summary>
    public async ValueTask<TagStamps?> StampAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (tags.Count == 0)
            return null;
        var stamps = new (TagState State, string Epoch)[tags.Count];
        for (var n = 0; n < tags.Count; n++)
        {
            var state = StateOf(tags[n]);
            var epoch = await ReadAsync(state, create: true, cancellationToken).ConfigureAwait(false);
            stamps[n] = (state, epoch!);
        }

        return new TagStamps(stamps);
    }

    /// <summary>An entry's stamps, joined with what is known of its tags now; null when that cannot be had.</summary>
    public async ValueTask<TagStamps?> MatchAsync(IReadOnlyList<TagStamp> stored, CancellationToken cancellationToken)
    {
        var stamps = new (TagState State, string Epoch)[stored.Count];
        for (var n = 0; n < stored.Count; n++)
        {
            var state = StateOf(stored[n].Name);
            if (await ReadAsync(state, create: false, cancellationToken).ConfigureAwait(false) is null)
                return null;
            stamps[n] = (state, stored[n].Epoch);
        }

        return new TagStamps(stamps);
    }

    /// <summary>Asks L2 for what is not known here of an entry's tags.</summary>
    public async ValueTask LearnAsync(TagStamps stamps, CancellationToken cancellationToken)
    {
        foreach (var state in stamps.Unknown.ToList())
            await ReadAsync(state, create: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what carries the tag, everywhere. While L2 is away, here at once and elsewhere when it is back.</summary>
    public async ValueTask RemoveAsync(string tag, CancellationToken cancellationToken)
    {
        var state = StateOf(tag);
        var epoch = FenceToken.New();
        state.Change(epoch);
        if (client is null)
            return;
        if (await WriteAsync(tag, epoch, cancellationToken).ConfigureAwait(false))
            await coherence.AnnounceAsync(_prefix + tag, cancellationToken).ConfigureAwait(false);
        else
            _ = KeepWritingAsync(tag, epoch);

        // Again: somebody may have read the old token before it changed and learned it after.
        state.Change(epoch);
    }

    /// <summary>Somebody changed a key; false when it is no tag's.</summary>
    public bool OnChanged(string stored)
    {
        if (!stored.StartsWith(_prefix, StringComparison.Ordinal))
            return false;
        if (_states.TryGetValue(stored[_prefix.Length..], out var state))
            state.Change();
        return true;
    }

    /// <summary>Everything changed.</summary>
    public void OnFlushed()
    {
        foreach (var state in _states.Values)
            state.Change();
    }

    private async ValueTask<string?> ReadAsync(TagState state, bool create, CancellationToken cancellationToken)
    {
        if (state.Epoch is { } known && (client is null || IsProven(state) && !(create && IsRenewalDue(state))))
            return known;
        var changes = state.Changes;
        var proof = coherence.Proof;
        var epoch = client is null ? FenceToken.New() : await ReadAsync(state, state.Name, create, cancellationToken).ConfigureAwait(false);
        if (epoch is null && create)
        {
            // L2 away: what was known goes on, or what carries it here would count as removed; else a token of our own, which no
            // entry in L2 carries. Neither is proven, so it is read as soon as L2 is back.
            (epoch, proof) = (state.Epoch ?? FenceToken.New(), TagState.Unproven);
        }

        if (epoch is null)
            return null;
        state.Learn(changes, epoch, proof);
        return epoch;
    }

    private async ValueTask<string?> ReadAsync(TagState state, string tag, bool create, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var found = await calls.RunAsync(
                "tag",
                (client: client!, Key: _prefix + tag),
                static async (call, stop) => (Token: await call.client.GetAsync(call.Key, stop).ConfigureAwait(false), true),
                cancellationToken).ConfigureAwait(false);
            if (found is not { } read)
                return null;
            if (read.Token is { Length: > 0 } token)
            {
                if (create && IsRenewalDue(state))
                    await RenewAsync(state, cancellationToken).ConfigureAwait(false);
                return Encoding.UTF8.GetString(token);
            }

            if (!create)
                return null;
            var fresh = FenceToken.New();
            var made = await calls.RunAsync(
                "tag",
                (client: client!, Key: _prefix + tag, Token: Encoding.UTF8.GetBytes(fresh), life),
                static (call, stop) => call.client.SetIfAbsentAsync(call.Key, call.Token, call.life, stop),
                cancellationToken).ConfigureAwait(false);
            if (made == true)
                return fresh;
        }

        return null;
    }

    /// <summary>A tag lives longer than whatever carries it. Renewing it seldom: each time is a change that every process hears of.</summary>
    private async ValueTask RenewAsync(TagState state, CancellationToken cancellationToken)
    {
        state.RenewAt = time.GetTimestamp() + (long)((life / 2).TotalSeconds * time.TimestampFrequency);
        await calls.RunAsync(
            "tag",
            (client: client!, Key: _prefix + state.Name, life),
            static (call, stop) => call.client.ExpireAsync(call.Key, call.life, stop),
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> WriteAsync(string tag, string epoch, CancellationToken cancellationToken) =>
        await calls.RunAsync(
            "tag",
            (client: client!, Key: _prefix + tag, Token: Encoding.UTF8.GetBytes(epoch), life),
            static async (call, stop) =>
            {
                await call.client.SetAsync(call.Key, call.Token, call.life, stop).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false) is not null;

    private async Task KeepWritingAsync(string tag, string epoch)
    {
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
        }
        while (!await WriteAsync(tag, epoch, CancellationToken.None).ConfigureAwait(false));
        StateOf(tag).Change();
    }

    /// <summary>Whether the epoch known here is surely the one in L2.</summary>
    private bool IsProven(TagState state) =>
        coherence is not NoCoherence && state.Proof == coherence.Proof && coherence.ProvenUntil > time.GetTimestamp();

    private bool IsRenewalDue(TagState state) => state.RenewAt <= time.GetTimestamp();

    private TagState StateOf(string tag)
    {
        if (_states.TryGetValue(tag, out var known))
            return known;
        if (_states.Count >= MostTags)
            ForgetAll();
        return _states.GetOrAdd(tag, static name => new TagState(name));
    }

    private void ForgetAll()
    {
        foreach (var (name, state) in _states)
        {
            // Entries that carry it become unknown, not current for ever.
            _states.TryRemove(name, out _);
            state.Change();
        }
    }
}
