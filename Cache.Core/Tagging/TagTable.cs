using System.Collections.Concurrent;
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
/// <para>Safe for concurrent use. A token that Valkey has lost never matches again. Without a client the epochs are this process's own.
/// What is known here is kept right by coherence; without it, L2 is asked each time an entry is read from there.</para>
/// <para><b>Tags that a fetch decides</b> are stamped when it has answered, and no stamp may be newer than the fetch: a removal in between would be
/// lost. A tag that was known when it began, and still is the same, has the stamp that it had. For any other, a token is compared that every
/// removal changes before it changes its tag's: if it is what it was, no tag has been removed meanwhile. If it is not, the source is asked
/// again; by then the tag is known.</para>
/// <para><b>Tags without a record</b> get one when something is kept that carries them, not before: most of what passes a proxy is not kept.
/// That there was none is noted when the fetch begins. If this process then makes it, and has not lost sight of L2 in between, nobody has
/// removed the tag meanwhile; else it counts as one that the fetch has decided.</para>
/// </remarks>
internal sealed partial class TagTable(
    ICacheClient? client, string keyPrefix, TimeSpan life, SharedCalls calls, ICoherence coherence, TimeProvider time, bool storesTags = true, CancellationToken stop = default)
{
    /// <summary>Carried by everything that came through HybridCache: removing it removes all of that.</summary>
    public const string Everything = "*";

    private const int MostTags = 100_000;
    private const string Mark = "~tag~";
    private readonly string _prefix = keyPrefix + Mark;
    private readonly TagRecords? _records = client is null ? null : new TagRecords(client, keyPrefix + Mark, life, calls, coherence);
    private readonly ConcurrentDictionary<string, TagState> _states = new(StringComparer.Ordinal);

    /// <summary>What every removal changes. Its name is no tag's.</summary>
    private readonly TagState _removals = new(string.Empty);

    /// <summary>Whether a key of L2 is a tag's, of the cache with this prefix.</summary>
    public static bool IsTag(string keyPrefix, string stored) => stored.StartsWith(keyPrefix, StringComparison.Ordinal) && stored.AsSpan(keyPrefix.Length).StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>The tags' present epochs, for an entry that is written now.</summary>
    public async ValueTask<TagStamps?> StampAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        if (tags.Count == 0)
            return null;
        var stamps = new (TagState State, string Epoch)[tags.Count];
        for (var n = 0; n < stamps.Length; n++)
        {
            var state = StateOf(tags[n]);
            stamps[n] = (state, (await ReadAsync(state, WithoutRecord.Make, cancellationToken).ConfigureAwait(false))!);
        }

        return Joined(stamps);
    }

    /// <summary>What must be known of tags when a fetch begins, which may give its answer further ones.</summary>
    /// <param name="tags">Those that are known.</param>
    /// <param name="isL2Away">Whether the answer cannot be kept in L2 anyway.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<TagNote> NoteAsync(IReadOnlyList<string> tags, bool isL2Away, CancellationToken cancellationToken)
    {
        var moment = TagState.Moment;

        // An old one refuses more, and is never wrong; so it is read only when nothing is known.
        var removals = _removals.Epoch;
        if (removals is null && (client is null || storesTags && !isL2Away))
            removals = await ReadAsync(_removals, WithoutRecord.Make, cancellationToken).ConfigureAwait(false);
        var stamps = tags.Count == 0 ? [] : new (TagState State, string Epoch)[tags.Count];
        var known = 0;
        List<UnrecordedTag>? unrecorded = null;
        foreach (var tag in tags)
        {
            var state = StateOf(tag);
            var seen = new UnrecordedTag(state, state.Changes, coherence.Proof);
            if (await ReadAsync(state, WithoutRecord.Remember, cancellationToken).ConfigureAwait(false) is { } epoch)
                stamps[known++] = (state, epoch);
            else
                (unrecorded ??= []).Add(seen);
        }

        if (unrecorded is not null)
            removals ??= await ReadAsync(_removals, WithoutRecord.Make, cancellationToken).ConfigureAwait(false);
        return new TagNote(Joined(known == stamps.Length ? stamps : stamps[..known]), unrecorded ?? [], moment, removals, isL2Away);
    }

    /// <summary>The stamps of an answer that is kept, which may bring tags of its own.</summary>
    /// <returns>Null without tags; and what to do, when one of them may have been removed since the fetch began.</returns>
    public async ValueTask<(TagStamps? Stamps, TagVerdict Verdict)> StampAsync(TagNote note, IReadOnlyList<string> decided, CancellationToken cancellationToken)
    {
        if (note.Unrecorded.Count == 0 && decided.Count == 0)
            return (note.Stamps, TagVerdict.Keep);
        var stamps = new List<(TagState State, string Epoch)>(note.Unrecorded.Count + decided.Count);
        var (isGivenSure, isDecidedSure) = (true, true);

        // All at once: who asks for the key waits for it.
        var made = note.Unrecorded.Count == 0 ? [] : await Task.WhenAll(note.Unrecorded.Select(tag => MakeAsync(tag, cancellationToken))).ConfigureAwait(false);
        for (var n = 0; n < made.Length; n++)
        {
            isGivenSure &= made[n].IsUnremoved;
            stamps.Add((note.Unrecorded[n].State, made[n].Epoch));
        }

        foreach (var tag in decided.Distinct(StringComparer.Ordinal))
        {
            if (note.Stamps?.Carry(tag) == true || note.Unrecorded.Any(one => string.Equals(one.State.Name, tag, StringComparison.Ordinal)))
                continue;
            var state = StateOf(tag);
            var known = state.EpochSince(note.Moment);
            var epoch = await ReadAsync(state, WithoutRecord.Make, cancellationToken).ConfigureAwait(false);
            isDecidedSure &= string.Equals(known, epoch, StringComparison.Ordinal);
            stamps.Add((state, epoch!));
        }

        if (!(isGivenSure && isDecidedSure) && !await IsNoTagRemovedAsync(note, cancellationToken).ConfigureAwait(false))
            return (null, isDecidedSure ? TagVerdict.Leave : TagVerdict.AskAgain);
        return (note.Stamps?.And([.. stamps]) ?? Joined([.. stamps]), TagVerdict.Keep);
    }

    /// <summary>An entry's stamps, joined with what is known of its tags now; null when that cannot be had.</summary>
    public async ValueTask<TagStamps?> MatchAsync(IReadOnlyList<TagStamp> stored, CancellationToken cancellationToken)
    {
        var stamps = new (TagState State, string Epoch)[stored.Count];
        for (var n = 0; n < stored.Count; n++)
        {
            var state = StateOf(stored[n].Name);
            if (await ReadAsync(state, WithoutRecord.Leave, cancellationToken).ConfigureAwait(false) is null)
                return null;
            if (stored.Count == 1)
                return state.Alone(stored[n].Epoch);
            stamps[n] = (state, stored[n].Epoch);
        }

        return new TagStamps(stamps);
    }

    /// <summary>Asks L2 for what is not known here of an entry's tags.</summary>
    public async ValueTask LearnAsync(TagStamps stamps, CancellationToken cancellationToken)
    {
        foreach (var state in stamps.Unknown.ToList())
            await ReadAsync(state, WithoutRecord.Leave, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Somebody changed a key; false when it is no tag's.</summary>
    public bool OnChanged(string stored)
    {
        if (!stored.StartsWith(_prefix, StringComparison.Ordinal))
            return false;
        if (stored.Length == _prefix.Length)
            _removals.Change();
        else if (_states.TryGetValue(stored[_prefix.Length..], out var state))
            state.Change();
        return true;
    }

    /// <summary>Everything changed.</summary>
    public void OnFlushed()
    {
        _removals.Change();
        foreach (var state in _states.Values)
            state.Change();
    }

    /// <summary>Those of several tags, or of none. All entries that carry one tag and no other share theirs.</summary>
    private static TagStamps? Joined((TagState State, string Epoch)[] stamps) => stamps switch
    {
        [] => null,
        [var (state, epoch)] => state.Alone(epoch),
        _ => new TagStamps(stamps),
    };

    private async ValueTask<string?> ReadAsync(TagState state, WithoutRecord without, CancellationToken cancellationToken)
    {
        var isForNew = without != WithoutRecord.Leave;
        if (state.Epoch is { } known && (client is null || state.IsOwed || IsProven(state) && !(isForNew && IsRenewalDue(state))))
            return known;
        if (without == WithoutRecord.Remember && state.IsUnrecorded && IsProven(state))
            return null;
        var changes = state.Changes;
        var proof = coherence.Proof;
        var text = _records is null ? FenceToken.New() : await ReadAsync(_records, state, without, cancellationToken).ConfigureAwait(false);
        if (text is { Length: 0 })
        {
            if (without == WithoutRecord.Remember)
                state.LearnUnrecorded(changes, proof);
            return null;
        }

        if (text is null && isForNew)
        {
            // L2 away: what was known goes on, or what carries it here would count as removed; else a token of our own, which no
            // entry in L2 carries. Neither is proven, so it is read as soon as L2 is back.
            (text, proof) = (state.Present?.Text ?? FenceToken.New(), TagState.Unproven);
        }

        if (text is null)
            return null;
        state.Learn(changes, text, proof);

        // What was read, not what may have become known since: that may be newer than the fetch that it is for.
        return TagEpoch.Parse(text).Stamp;
    }

    /// <summary>What L2 has; an empty text without a record, null while it is away.</summary>
    private async ValueTask<string?> ReadAsync(TagRecords records, TagState state, WithoutRecord without, CancellationToken cancellationToken)
    {
        if (without == WithoutRecord.Leave)
            return await records.ReadAsync(state.Name, cancellationToken).ConfigureAwait(false);
        var (text, isMade) = without == WithoutRecord.Make
            ? await records.ReadOrMakeAsync(state.Name, cancellationToken).ConfigureAwait(false)
            : (await records.ReadAsync(state.Name, cancellationToken).ConfigureAwait(false), false);
        if (text is { Length: > 0 } && !isMade && IsRenewalDue(state))
        {
            // A tag lives longer than whatever carries it.
            state.RenewAt = time.GetTimestamp() + (long)((life / 2).TotalSeconds * time.TimestampFrequency);
            await records.RenewAsync(state.Name, cancellationToken).ConfigureAwait(false);
        }

        return text;
    }

    /// <summary>Makes the record of a tag that had none when the fetch began.</summary>
    /// <returns>The tag's epoch, and whether it surely was not removed meanwhile.</returns>
    private async Task<(string Epoch, bool IsUnremoved)> MakeAsync(UnrecordedTag tag, CancellationToken cancellationToken)
    {
        var state = tag.State;
        var changes = state.Changes;
        var proof = coherence.Proof;
        var (text, isMade) = await _records!.MakeOrReadAsync(state.Name, cancellationToken).ConfigureAwait(false);
        var isUnchanged = tag.Changes == state.Changes;
        if (text is null)
        {
            // L2 has gone away since: as for any other tag, what this process knows decides until it is back.
            text = state.Present?.Text ?? FenceToken.New();
            state.Learn(changes, text, TagState.Unproven);
            return (TagEpoch.Parse(text).Stamp, isUnchanged);
        }

        state.Learn(changes, text, proof);

        // A removal's record stays for longer than a fetch lasts. It could only have been lost, and that would have been heard.
        return (TagEpoch.Parse(text).Stamp, isMade && isUnchanged && tag.Proof == proof && IsProven(proof));
    }

    /// <summary>Whether the token that every removal changes is as it was noted. Once it was read anew.</summary>
    private async ValueTask<bool> IsNoTagRemovedAsync(TagNote note, CancellationToken cancellationToken)
    {
        if (_records is null)
            return string.Equals(_removals.Epoch, note.Removals, StringComparison.Ordinal);
        var changes = _removals.Changes;
        var proof = coherence.Proof;
        var text = await _records.ReadAsync(_removals.Name, cancellationToken).ConfigureAwait(false);
        if (text is null)
        {
            // It stays in this process, which goes on for as long as L2 is away with what it knows itself.
            return note.IsL2Away && string.Equals(_removals.Epoch, note.Removals, StringComparison.Ordinal);
        }

        if (text.Length > 0)
            _removals.Learn(changes, text, proof);
        else
            _removals.Change();
        return string.Equals(text, note.Removals, StringComparison.Ordinal);
    }

    /// <summary>Whether the epoch known here is surely the one in L2.</summary>
    private bool IsProven(TagState state) => IsProven(state.Proof);

    private bool IsProven(int proof) => coherence is not NoCoherence && proof == coherence.Proof && coherence.ProvenUntil > time.GetTimestamp();

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
        // Nobody knows any more what has been removed.
        _removals.Change();
        foreach (var (name, state) in _states)
        {
            // Entries that carry it become unknown, not current for ever.
            _states.TryRemove(name, out _);
            state.Forget();
        }
    }

    /// <summary>What to do with a tag that has no record in L2.</summary>
    private enum WithoutRecord
    {
        /// <summary>Nothing: it is asked for an entry that is there.</summary>
        Leave,

        /// <summary>Remember that it has none: a fetch begins, and what it brings need not be kept.</summary>
        Remember,

        /// <summary>Make one: something is kept that carries it.</summary>
        Make,
    }
}
