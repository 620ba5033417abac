using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Dashboard.Console;

/// <summary>What all resources wrote, in order of arrival, bounded per resource. Safe for concurrent use.</summary>
internal sealed class ConsoleBoard(ResourceLoggerService logs, TimeProvider time)
{
    /// <summary>How many lines of each resource are held.</summary>
    public const int Capacity = 5_000;

    private const int LongestLine = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LineRing> _rings = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly Channel<string> _attended = Channel.CreateUnbounded<string>();

    // Later than those of every run before: a page that stays open over a restart goes on after the last one that it has.
    private long _lastId = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    /// <summary>Raised when lines have come.</summary>
    public Signal Changed { get; } = new();

    public TimeProvider Time => time;

    /// <summary>Begins to listen to a resource or a replica, once.</summary>
    /// <param name="id">The id by which it writes.</param>
    /// <param name="resource">The resource's name.</param>
    public void Attend(string id, string resource)
    {
        lock (_lock)
        {
            if (!_rings.TryAdd(id, new LineRing(Capacity)))
                return;
            _owners[id] = resource;
            _attended.Writer.TryWrite(id);
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        var listening = new List<Task>();
        try
        {
            await foreach (var resource in _attended.Reader.ReadAllAsync(stopping))
                listening.Add(ListenAsync(resource, stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(listening);
        }
    }

    /// <summary>The newest lines after a number, in order of arrival.</summary>
    /// <param name="resource">Of which resource or replica; null: of all.</param>
    /// <param name="after">The number.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<ConsoleLine> Read(string? resource, long after, int limit)
    {
        lock (_lock)
        {
            var rings = _rings.Where(ring => resource is null || Same(ring.Key, resource) || Same(_owners[ring.Key], resource));
            return [.. rings.SelectMany(ring => ring.Value.NewestFirst(after, limit)).OrderByDescending(line => line.Id).Take(limit).Reverse()];
        }
    }

    private async Task ListenAsync(string resource, CancellationToken stopping)
    {
        try
        {
            await foreach (var lines in logs.WatchAsync(resource).WithCancellation(stopping))
            {
                lock (_lock)
                {
                    foreach (var line in lines)
                        _rings[resource].Add(new ConsoleLine(++_lastId, time.GetUtcNow(), resource, Bounded(line.Content), line.IsErrorMessage));
                }

                Changed.Raise();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The dashboard stops.
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Bounded(string text) => text.Length <= LongestLine ? text : $"{text.AsSpan(0, LongestLine)}… ({text.Length} characters)";
}
