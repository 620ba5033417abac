using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Tests.Checking;

/// <summary>Makes the history of one tenant by hand; times are seconds.</summary>
internal sealed class HistoryBuilder
{
    public const string Pod = "ledger-1";
    public const string OtherPod = "ledger-2";

    private const double Taken = 0.01;

    private readonly List<Answer> _answers = [];
    private readonly List<Change> _changes = [new(ChangeKind.Begin, Tenant: 0, TimeSpan.Zero, TimeSpan.Zero, Revision: 1)];
    private readonly List<FaultPeriod> _faults = [];

    public HistoryBuilder Served(double at, long? revision = 1, string pod = Pod, int process = 100) => Answered(at, 200, revision, pod, process);

    public HistoryBuilder Refused(double at, long? revision, string pod = Pod, int process = 100) => Answered(at, 403, revision, pod, process);

    public HistoryBuilder Failed(double at, string pod = Pod, int status = 503) => Answered(at, status, revision: null, pod, process: 0);

    public HistoryBuilder Answered(double at, int status, long? revision, string pod = Pod, int process = 100, double taken = Taken)
    {
        _answers.Add(new Answer(Seconds(at), Seconds(at + taken), pod, process, Tenant: 0, status, revision));
        return this;
    }

    public HistoryBuilder Changed(double at, ChangeKind kind, long revision, bool isAnnounced = true)
    {
        _changes.Add(new Change(kind, Tenant: 0, Seconds(at), Seconds(at + Taken), revision, isAnnounced));
        return this;
    }

    /// <summary>A change whose answer was lost: what became of it was read later.</summary>
    public HistoryBuilder ChangedBetween(double from, double to, ChangeKind kind, long revision)
    {
        _changes.Add(new Change(kind, Tenant: 0, Seconds(from), Seconds(to), revision, IsAnnounced: false));
        return this;
    }

    public HistoryBuilder Faulty(double from, double to, Reach reach, string? pod = null)
    {
        _faults.Add(new FaultPeriod("fault", Seconds(from), Seconds(to), reach, pod));
        return this;
    }

    public RunHistory Build() => new(_answers, _changes, _faults);

    /// <summary>The invariants that the history breaks, one name for each violation.</summary>
    public IReadOnlyList<string> Broken() => [.. Checker.Check(Build(), new Bounds()).Select(violation => violation.Invariant)];

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
