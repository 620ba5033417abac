namespace TenantManager.Client.TenantConfigs;

/// <summary>
/// Opens after so many failures in a row, stays open for a while, then lets one probe through.
/// </summary>
/// <remarks>
/// The contract counts consecutive failures; the library's breaker samples ratios and cannot. Safe for concurrent use.
/// <code>
/// closed ── threshold failures in a row ──▶ open ── timeout ──▶ half-open ── probe succeeds ──▶ closed
///                                            ▲                      │
///                                            └──── probe fails ─────┘
/// </code>
/// </remarks>
internal sealed class ConsecutiveBreaker(int threshold, TimeSpan timeout, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failures;
    private long _openedAt;
    private bool _isOpen;
    private bool _isProbing;

    /// <summary>Whether a call may be made now. Who gets true reports the result.</summary>
    public bool TryEnter()
    {
        if (threshold == 0)
            return true;
        lock (_lock)
        {
            if (!_isOpen)
                return true;
            if (_isProbing || time.GetElapsedTime(_openedAt) < timeout)
                return false;
            return _isProbing = true;
        }
    }

    /// <summary>The tenant-manager answered, whatever it said.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            _failures = 0;
            _isOpen = _isProbing = false;
        }
    }

    /// <summary>The tenant-manager did not answer, or with a 5xx.</summary>
    public void Failed()
    {
        if (threshold == 0)
            return;
        lock (_lock)
        {
            _failures++;
            if (!_isProbing && _failures < threshold)
                return;
            _isOpen = true;
            _isProbing = false;
            _openedAt = time.GetTimestamp();
        }
    }

    /// <summary>The caller gave up: that says nothing of the tenant-manager.</summary>
    public void Abandoned()
    {
        lock (_lock)
            _isProbing = false;
    }
}
