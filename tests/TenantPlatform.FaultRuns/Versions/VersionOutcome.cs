using System.Globalization;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Versions;

/// <summary>What the runs of one order of versions have come to.</summary>
internal sealed class VersionOutcome
{
    private int _runs, _answers, _changes, _faults, _restarts;

    public int Violations { get; private set; }

    /// <summary>Runs that could not be made: they show nothing, which is not the same as no violation.</summary>
    public int RunsMissing { get; private set; }

    public IReadOnlyList<string> Figures =>
        [.. new[] { _runs, RunsMissing, _answers, _changes, _faults, _restarts, Violations }.Select(number => number.ToString(CultureInfo.InvariantCulture))];

    public void Add(RunHistory history, VersionOrder order, int violations)
    {
        _runs++;
        _answers += history.Answers.Count;
        _changes += history.Changes.Count(change => change.Kind != ChangeKind.Begin);
        _restarts += history.Faults.Count(fault => fault.Kind == order.FaultName);
        _faults += history.Faults.Count(fault => fault.Kind != order.FaultName);
        Violations += violations;
    }

    public void NotRun() => RunsMissing++;
}
