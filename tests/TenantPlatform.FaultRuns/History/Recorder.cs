using System.Collections.Concurrent;
using System.Diagnostics;

namespace TenantPlatform.FaultRuns.History;

/// <summary>Writes a history down while it happens. Safe for concurrent use.</summary>
internal sealed class Recorder
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentQueue<Change> _changes = new();
    private readonly ConcurrentQueue<FaultPeriod> _faults = new();

    /// <summary>The time since the run began.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    public int Answers => _answers.Count;

    public void Add(Answer answer) => _answers.Enqueue(answer);

    public void Add(Change change) => _changes.Enqueue(change);

    public void Add(FaultPeriod fault) => _faults.Enqueue(fault);

    public RunHistory ToHistory() => new(
        [.. _answers.OrderBy(answer => answer.Received)],
        [.. _changes.OrderBy(change => change.Tenant).ThenBy(change => change.Sent)],
        [.. _faults.OrderBy(fault => fault.Began)]);
}
