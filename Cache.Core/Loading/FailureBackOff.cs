using System.Collections.Concurrent;

namespace Cache.Core.Loading;

/// <summary>Keeps an ill source from being asked again and again for a key that can be served stale meanwhile.</summary>
/// <remarks>Safe for concurrent use; bounded. The pause doubles from failure to failure, with a random share taken off.</remarks>
internal sealed class FailureBackOff(TimeProvider time)
{
    private const int MostKeys = 4096;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, (int Failures, long Until)> _failing = new(StringComparer.Ordinal);

    /// <summary>Whether the source is to be left alone for this key now. Free when nothing fails.</summary>
    public bool IsResting(string key) => !_failing.IsEmpty && _failing.TryGetValue(key, out var failing) && failing.Until > time.GetTimestamp();

    public void Failed(string key)
    {
        if (_failing.Count >= MostKeys && !_failing.ContainsKey(key))
            _failing.Clear();
        var failures = _failing.TryGetValue(key, out var before) ? Math.Min(before.Failures + 1, 10) : 1;
        var pause = Shortest * Math.Pow(2, failures - 1);
        if (pause > Longest)
            pause = Longest;
        pause *= 1 - (0.25 * Random.Shared.NextDouble());
        _failing[key] = (failures, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
    }

    public void Answered(string key)
    {
        if (!_failing.IsEmpty)
            _failing.TryRemove(key, out _);
    }
}
