namespace TenantManager.Client.Revalidation;

/// <summary>What the change feed is good for at this moment.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class FeedCoverage(FeedPace pace, TimeProvider time)
{
    /// <summary>
    /// So many answers in a row, each in time, bring the cover back once it was lost. When it is lost every tenant is asked about;
    /// one that came and went, as with a tenant-manager that hardly keeps up, would make pods ask the more the slower it is.
    /// </summary>
    private const int BringBack = 3;

    private readonly Lock _lock = new();
    private int _inTime = BringBack;
    private long? _known;
    private bool _isFailing = true;

    /// <summary>How long ago the state was read up to which this process knows of every change; null before the first answer.</summary>
    public TimeSpan? Known
    {
        get
        {
            lock (_lock)
                return _known is { } known ? time.GetElapsedTime(known) : null;
        }
    }

    /// <summary>Whether the feed tells of every change in time, so that tenants it has not told of need not be asked about.</summary>
    public bool IsCovering
    {
        get
        {
            lock (_lock)
                return !_isFailing && _inTime >= BringBack && _known is { } known && pace.IsTrusted(time.GetElapsedTime(known));
        }
    }

    /// <summary>The feed has told of every change up to a moment, as a timestamp of the clock.</summary>
    public void Answered(long known)
    {
        lock (_lock)
        {
            if (_known is { } last && (_isFailing || !pace.IsTrusted(time.GetElapsedTime(last))))
                _inTime = 1;
            else if (_inTime < BringBack)
                _inTime++;
            _isFailing = false;
            _known = _known > known ? _known : known;
        }
    }

    /// <summary>The feed has not answered, or cannot go on: it covers nothing until it has answered again.</summary>
    /// <returns>Whether it did until now.</returns>
    public bool Failed()
    {
        lock (_lock)
        {
            var was = !_isFailing;
            _isFailing = true;
            return was;
        }
    }
}
