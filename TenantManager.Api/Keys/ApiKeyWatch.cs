using System.Diagnostics;

namespace TenantManager.Api.Keys;

/// <summary>
/// Looks for keys that another instance has changed, every few seconds: the net below the cache's coherence. With Valkey lost for
/// good, or the instance that revoked a key gone before it could tell, a revoked key is refused here after one interval all the same.
/// </summary>
internal sealed partial class ApiKeyWatch(ApiKeyStore store, ApiKeyCache cache, TimeProvider time, ILogger<ApiKeyWatch> logger) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A change is dated before it is committed: how long before, at most.</summary>
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(1);

    /// <summary>What was told already, by secret, so that it is told once.</summary>
    private readonly Dictionary<string, DateTime> _told = new(StringComparer.Ordinal);
    private DateTime? _newest;
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryLookAsync(stoppingToken);
            await Task.Delay(Interval * (1 - (Random.Shared.NextDouble() / 4)), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        // Nobody asked for it: an unsampled parent keeps it out of the traces.
        using var untraced = new Activity("api-keys.watch").Start();
        try
        {
            var since = _newest - LongestTransaction;
            while (await LookAsync(since, cancellationToken) is { } more)
                since = more;
            _isFailing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
                LogFailed(exception.GetType().Name);
            _isFailing = true;
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    /// <summary>One batch; where the next one begins, if there may be more.</summary>
    private async Task<DateTime?> LookAsync(DateTime? since, CancellationToken cancellationToken)
    {
        // At first: whatever a tier may still hold from before.
        var changed = await store.ListChangedAsync(since, ApiKeyCache.L2TimeToLive, Batch, cancellationToken);
        foreach (var stored in changed)
        {
            var key = ApiKeyCache.KeyOf(stored.Secret.Hash);
            if (_told.TryGetValue(key, out var told) && told >= stored.Key.ChangedAt)
                continue;
            await cache.TellAsync(stored).WaitAsync(cancellationToken);
            _told[key] = stored.Key.ChangedAt;
        }

        if (changed.Count == 0)
            return null;
        var newest = changed[^1].Key.ChangedAt;
        _newest = _newest > newest ? _newest : newest;
        foreach (var old in _told.Where(told => told.Value < _newest - LongestTransaction).ToArray())
            _told.Remove(old.Key);
        return changed.Count == Batch && newest != since ? newest : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed API keys cannot be looked for and will be again; the cache tells of changes meanwhile: {Reason}")]
    private partial void LogFailed(string reason);
}
