namespace Cache.Core.Valkey;

/// <summary>Pauses between attempts: doubling from 25 ms to 1 s, each shortened at random by up to half, so that pods do not return together.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private TimeSpan _next = Shortest;

    public TimeSpan Next()
    {
        var pause = _next * (1 - (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return pause;
    }

    public void Reset() => _next = Shortest;
}
