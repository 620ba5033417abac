using Cache.Core.Tagging;
using Cache.Core.Valkey;

namespace Cache.Core.Shared;

/// <summary>
/// What is owed when it is too much to remember key by key: every key of the cache. It is done once whatever lies in L2 under the
/// cache's prefix has been revoked.
/// </summary>
/// <remarks>
/// Only what is stored is found. What a fetch from before the change may yet store is not, so the sweep waits until no such fetch
/// can be under way any more.
/// </remarks>
/// <param name="client">L2.</param>
/// <param name="keyPrefix">What the cache's keys begin with.</param>
/// <param name="wait">How long after now a fetch that is under way can still store what it was answered.</param>
/// <param name="time">The clock.</param>
internal sealed class OwedSweep(ICacheClient client, string keyPrefix, TimeSpan wait, TimeProvider time)
{
    /// <summary>So many at once: enough to be quick, and nothing that Valkey's other callers feel (D8).</summary>
    private const int AtOnce = 32;

    private readonly long _began = time.GetTimestamp();

    /// <summary>Revokes all that is stored.</summary>
    /// <param name="revoke">Revokes one key; false when L2 did not take it.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Whether all of it is done; what is not is done by another sweep.</returns>
    public async Task<bool> TryAsync(Func<string, ValueTask<bool>> revoke, CancellationToken stop)
    {
        if (time.GetElapsedTime(_began) < wait)
            return false;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = failed.Token };
            await Parallel.ForEachAsync(client.ScanAsync(GlobPattern.Escape(keyPrefix) + "*", failed.Token), bounds, RevokeAsync).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is CacheUnavailableException or OperationCanceledException)
        {
            return false;
        }

        async ValueTask RevokeAsync(string stored, CancellationToken _)
        {
            if (!TagTable.IsTag(keyPrefix, stored) && !await revoke(stored).ConfigureAwait(false))
                await failed.CancelAsync().ConfigureAwait(false);
        }
    }
}
