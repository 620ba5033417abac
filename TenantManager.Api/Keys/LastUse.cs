using System.Collections.Concurrent;

namespace TenantManager.Api.Keys;

/// <summary>
/// Remembers when keys are used, and writes it down now and then: at most once a minute for a key, all of them in one statement,
/// and what is left when the service stops.
/// </summary>
internal sealed partial class LastUse(ApiKeyStore store, TimeProvider time, ILogger<LastUse> logger) : BackgroundService
{
    /// <summary>The most keys that are remembered at a time; further ones go unnoted until some are written.</summary>
    private const int MostKeys = 10_000;
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);

    /// <summary>Notes a use. Costs a look into a table.</summary>
    public void Note(string keyId)
    {
        var now = time.GetUtcNow();
        if (_noted.TryGetValue(keyId, out var before) ? now - before < Precision : _noted.Count >= MostKeys)
            return;
        _noted[keyId] = now;
        _waiting[keyId] = now;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LastChance);
        await WriteAsync(limit.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                await WriteAsync(stoppingToken);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var old = time.GetUtcNow() - Precision;
        foreach (var noted in _noted.Where(noted => noted.Value <= old && !_waiting.ContainsKey(noted.Key)))
            _noted.TryRemove(noted);
        var uses = _waiting.ToArray();
        if (uses.Length == 0)
            return;
        try
        {
            await store.SaveLastUsesAsync(uses.ToDictionary(StringComparer.Ordinal), cancellationToken);

            // What was noted again meanwhile waits for the next time.
            foreach (var use in uses)
                _waiting.TryRemove(use);
        }
        catch (Exception exception)
        {
            // It waits, and is bounded.
            LogLater(exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The last uses of API keys are written later: {Reason}")]
    private partial void LogLater(string reason);
}
