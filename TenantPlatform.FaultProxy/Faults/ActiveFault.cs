namespace TenantPlatform.FaultProxy.Faults;

/// <summary>A fault from the moment it is set until another, or none, takes its place. Safe for concurrent use.</summary>
internal sealed class ActiveFault
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _lastExisting;
    private readonly Pacer? _toServer;
    private readonly Pacer? _toClient;

    /// <summary>Begins it.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="lastExisting">The number of the newest connection that exists.</param>
    /// <param name="time">The time.</param>
    public ActiveFault(Fault fault, long lastExisting, TimeProvider time)
    {
        Fault = fault;
        Since = time.GetUtcNow();
        _lastExisting = lastExisting;
        if (fault.Kind != FaultKind.Bandwidth)
            return;
        _toServer = new Pacer(fault.BytesPerSecond, time);
        _toClient = new Pacer(fault.BytesPerSecond, time);
    }

    /// <summary>What is wrong.</summary>
    public Fault Fault { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>When it ends by itself; null: when told.</summary>
    public DateTimeOffset? Until => Since + Fault.Duration;

    /// <summary>Completes when something else takes its place.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What it does to a connection; <see cref="FaultKind.None"/> when it spares it.</summary>
    /// <param name="number">The connection's number on its link, from 1.</param>
    /// <param name="lot">The connection's lot, at least 0 and below 1, drawn once: a larger share affects the same connections and more.</param>
    public FaultKind KindFor(long number, double lot)
    {
        if (lot >= Fault.Share)
            return FaultKind.None;
        return Fault.Connections switch
        {
            ConnectionScope.Existing when number > _lastExisting => FaultKind.None,
            ConnectionScope.New when number <= _lastExisting => FaultKind.None,
            _ => Fault.Kind,
        };
    }

    /// <summary>What it does to a connection's bytes in one direction.</summary>
    public Treatment TreatmentFor(long number, double lot, Directions direction)
    {
        if ((Fault.Direction & direction) == Directions.None)
            return Treatment.Pass;
        return KindFor(number, lot) switch
        {
            FaultKind.Blackhole => Treatment.Swallow,
            FaultKind.HalfOpen => Treatment.Hold,
            FaultKind.Slow => Treatment.Delay,
            FaultKind.Bandwidth => Treatment.Pace,
            _ => Treatment.Pass,
        };
    }

    /// <summary>Who says when bytes may pass, when their rate is limited.</summary>
    public Pacer PacerFor(Directions direction) =>
        (direction == Directions.ToServer ? _toServer : _toClient) ?? throw new InvalidOperationException("This fault does not limit the rate.");

    /// <summary>Ends it: everything that waits because of it looks again.</summary>
    public void End() => _ended.TrySetResult();
}
