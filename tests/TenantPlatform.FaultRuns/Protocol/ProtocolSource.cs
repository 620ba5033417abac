using Cache.Core;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>The source of every key: it answers late, sometimes much later than it has decided, and sometimes not at all.</summary>
internal sealed class ProtocolSource
{
    private const double FailureShare = 0.04;
    private readonly Lock _lock = new();
    private readonly Dice _dice;
    private readonly double _lateShare;
    private readonly State[] _states;

    /// <param name="keys">How many keys. Of every second one the cache is not told the revision.</param>
    /// <param name="lateShare">The share of answers that take longer than every bound.</param>
    /// <param name="dice">Chance.</param>
    public ProtocolSource(int keys, double lateShare, Dice dice)
    {
        (_lateShare, _dice) = (lateShare, dice);
        _states = [.. Enumerable.Range(0, keys).Select(key => new State(new Version(1, key % 2 == 0), IsSuspended: false))];
    }

    public bool IsTold(int key) => Read(key).Version.IsTold;

    public bool IsSuspended(int key) => Read(key).IsSuspended;

    /// <summary>Makes a change; returns the revision since then.</summary>
    public long Change(int key, ChangeKind kind)
    {
        lock (_lock)
        {
            var (version, wasSuspended) = _states[key];
            version = version with { Revision = version.Revision + 1 };
            _states[key] = new State(version, kind == ChangeKind.Suspend || (kind == ChangeKind.Rotate && wasSuspended));
            return version.Revision;
        }
    }

    public async ValueTask<FetchResult<Version>> AnswerAsync(int key, Func<bool> isAway, CancellationToken cancellationToken)
    {
        await Task.Delay(_dice.Between(0, 5), cancellationToken);
        var (version, isSuspended) = Read(key);
        await Task.Delay(Late(), cancellationToken);
        if (isAway() || _dice.Falls(FailureShare))
            throw new HttpRequestException("The source is away.");
        var revision = version.IsTold ? version.Revision : (long?)null;
        return isSuspended ? FetchResult<Version>.Denied("suspended", revision) : FetchResult<Version>.Found(version, revision);
    }

    /// <summary>Most answers are quick, many are overtaken by a change, and some by its bound as well.</summary>
    private TimeSpan Late() =>
        _dice.Falls(_lateShare) ? _dice.Between(1700, 3200)
        : _dice.Falls(0.35) ? _dice.Between(5, 600)
        : _dice.Between(0, 5);

    private State Read(int key)
    {
        lock (_lock)
            return _states[key];
    }

    private sealed record State(Version Version, bool IsSuspended);
}
