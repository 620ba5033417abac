using System.Collections.Concurrent;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What became of the tenants that passed through. Safe for concurrent use.</summary>
internal sealed class ChurnTally
{
    private readonly ConcurrentDictionary<(ChurnKind Kind, int Status), int> _wrong = new();
    private long _asked;
    private long _asExpected;
    private long _otherwise;
    private long _failed;
    private long _lives;
    private long _livesBroken;

    /// <summary>Tenants that were asked for.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Answered as their state is: served, admitted or refused.</summary>
    public long AsExpected => Interlocked.Read(ref _asExpected);

    /// <summary>Answered as if their state were another one.</summary>
    public long Otherwise => Interlocked.Read(ref _otherwise);

    /// <summary>Not answered, or by an error: something was away, and no cache could know them yet.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Tenants that were created, served, deleted and refused, with a database of their own.</summary>
    public long Lives => Interlocked.Read(ref _lives);

    /// <summary>Such lives that did not come to their end, because something was away.</summary>
    public long LivesBroken => Interlocked.Read(ref _livesBroken);

    /// <summary>What was answered wrongly, by what was asked, with the status of the answer.</summary>
    public IReadOnlyDictionary<(ChurnKind Kind, int Status), int> Wrong => _wrong;

    public void Count(ChurnKind kind, int expected, int status)
    {
        Interlocked.Increment(ref _asked);
        if (status == expected)
            Interlocked.Increment(ref _asExpected);
        else if (status is 0 or >= 500)
            Interlocked.Increment(ref _failed);
        else
        {
            Interlocked.Increment(ref _otherwise);
            _wrong.AddOrUpdate((kind, status), 1, static (_, count) => count + 1);
        }
    }

    public void Lived(bool isWhole) => Interlocked.Increment(ref isWhole ? ref _lives : ref _livesBroken);
}
