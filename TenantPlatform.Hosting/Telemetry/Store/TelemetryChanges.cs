namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>Tells those who watch that there is something new. Safe for concurrent use.</summary>
internal sealed class TelemetryChanges
{
    private readonly Lock _lock = new();
    private TelemetryVersions _current = new(0, 0, 0);
    private TaskCompletionSource? _next;

    /// <summary>The versions now.</summary>
    public TelemetryVersions Current
    {
        get
        {
            lock (_lock)
                return _current;
        }
    }

    /// <summary>Completes as soon as any version differs from those seen.</summary>
    public Task WaitAsync(TelemetryVersions seen, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current != seen)
                return Task.CompletedTask;
            _next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _next.Task.WaitAsync(cancellationToken);
        }
    }

    internal void Announce(TelemetryKind kind)
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            _current = kind switch
            {
                TelemetryKind.Traces => _current with { Traces = _current.Traces + 1 },
                TelemetryKind.Logs => _current with { Logs = _current.Logs + 1 },
                _ => _current with { Metrics = _current.Metrics + 1 },
            };
            (next, _next) = (_next, null);
        }

        next?.TrySetResult();
    }
}
