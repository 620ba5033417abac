using System.Text;
using Cache.Core.Coherence;
using Cache.Core.Coherence.Channels;
using Cache.Core.Fencing;
using Cache.Core.Valkey;

namespace Cache.Core.Administration;

/// <summary>
/// Deletes what matches a pattern on every primary, a step at a time: how fast, and whether at all any more, its caller decides
/// between the steps.
/// </summary>
/// <remarks>
/// <para>Each key goes through its fence (<see cref="IFence.DropAsync"/>), whoever wrote it and under whatever prefix: a fetch that was
/// in flight when the deletion began brings nothing back (NoResurrection), and a denial stays one (RevocationWins). Fences and
/// leases are never deleted, whatever the pattern.</para>
/// <para>A fetch in flight may be for a key without a value, which no walk over values finds. So there are two walks: first over the
/// fences, which every such fetch has noted, then over the values; who stores between the two is found by the second.</para>
/// <para>Not for concurrent use. A step that has failed can be taken again.</para>
/// </remarks>
public sealed class PatternDeletion
{
    private readonly ICacheClient _client;
    private readonly ICoherence _coherence;
    private readonly string _pattern;
    private readonly Func<string, bool> _isSpared;
    private readonly GlobPattern _matching;
    private bool _isOverFences = true;
    private string? _cursor;

    /// <summary>Prepares a deletion; nothing is deleted yet.</summary>
    /// <param name="client">The connection to Valkey.</param>
    /// <param name="coherence">By which other processes are told where the server does not tell them.</param>
    /// <param name="pattern">As <see cref="ICacheClient.ScanAsync"/> takes it.</param>
    /// <param name="isSpared">Which keys are not to be deleted although they match, beside fences and leases.</param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public PatternDeletion(ICacheClient client, ICoherence coherence, string pattern, Func<string, bool>? isSpared = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(coherence);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        (_client, _coherence, _pattern) = (client, coherence, pattern);
        _isSpared = isSpared ?? (static _ => false);
        _matching = GlobPattern.Parse(pattern);
    }

    /// <summary>Looks at about so many keys and drops those that match.</summary>
    /// <param name="limit">How many, at most 1000.</param>
    /// <param name="cancellationToken">Ends the step, maybe in its middle.</param>
    /// <exception cref="CacheUnavailableException">A primary does not answer. The walk that this was a step of begins again with the next.</exception>
    public async ValueTask<DropStep> StepAsync(int limit, CancellationToken cancellationToken = default)
    {
        try
        {
            var page = await _client.ScanPageAsync(_isOverFences ? FenceKeys.EveryFence : _pattern, limit, _cursor, cancellationToken).ConfigureAwait(false);
            var spared = 0;
            List<string> keys = [];
            foreach (var key in page.Keys.Distinct(StringComparer.Ordinal).SelectMany(found => _isOverFences ? FenceKeys.ValuesOf(found).Where(key => _matching.IsMatch(key)) : [found]))
            {
                if (FenceKeys.IsOne(key) || _isSpared(key))
                    spared++;
                else
                    keys.Add(key);
            }

            var outcomes = await Task.WhenAll(keys.Select(key => DropAsync(key, cancellationToken))).ConfigureAwait(false);
            var isLast = page.Next is null && !_isOverFences;
            (_isOverFences, _cursor) = (_isOverFences && page.Next is not null, page.Next);
            return new DropStep(
                outcomes.Count(outcome => outcome == DropOutcome.Dropped),
                outcomes.Count(outcome => outcome == DropOutcome.Absent),
                outcomes.Count(outcome => outcome == DropOutcome.Kept),
                spared,
                isLast);
        }
        catch (Exception exception) when (exception is CacheUnavailableException or KeyCursorException)
        {
            // A server that has been away may have forgotten the order in which it walks, or be another one: nothing may be passed over.
            _cursor = null;
            if (exception is KeyCursorException)
                return new DropStep(0, 0, 0, 0, IsLast: false);
            throw;
        }
    }

    private async Task<DropOutcome> DropAsync(string key, CancellationToken cancellationToken)
    {
        var outcome = await _client.Fence.DropAsync(key, _isOverFences, cancellationToken).ConfigureAwait(false);

        // No cache has keys that are longer than what can be announced.
        if (outcome != DropOutcome.Kept && Encoding.UTF8.GetByteCount(key) <= PubSubProtocol.LongestKey)
            await _coherence.AnnounceAsync(key, cancellationToken).ConfigureAwait(false);
        return outcome;
    }
}
