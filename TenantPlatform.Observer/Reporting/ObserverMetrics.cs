using System.Diagnostics.Metrics;

namespace TenantPlatform.Observer.Reporting;

/// <summary>The meter <c>TenantPlatform.Observer</c>. Pods are tags, tenants never.</summary>
internal sealed class ObserverMetrics : IDisposable
{
    public const string Name = "TenantPlatform.Observer";

    private static readonly InstrumentAdvice<double> Ages = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    private readonly Meter _meter;
    private readonly Counter<long> _sweeps;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _answers;
    private readonly Histogram<double> _age;
    private readonly Histogram<double> _duration;

    public ObserverMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _sweeps = _meter.CreateCounter<long>("observer.sweeps", "{sweep}", "Lists of tenants asked of the tenant-manager, by outcome.");
        _changes = _meter.CreateCounter<long>("observer.changes", "{change}", "Changes found at the tenant-manager: watched, skipped as not chosen, or dropped.");
        _answers = _meter.CreateCounter<long>("observer.answers", "{answer}", "What asked pods would have answered on, by pod and verdict.");
        _age = _meter.CreateHistogram("observer.stale.age", "s", "How old the change was that a stale answer did not know of.", tags: null, Ages);
        _duration = _meter.CreateHistogram("observer.stale.duration", "s", "How long after a change a pod that was stale agreed with it.", tags: null, Ages);
    }

    /// <summary>Shows what is stale right now.</summary>
    public void Show(Func<int> pods, Func<TimeSpan> oldest)
    {
        _meter.CreateObservableGauge("observer.stale.pods", pods, "{pod}", "Pods that were stale when last asked.");
        _meter.CreateObservableGauge("observer.stale.oldest", () => oldest().TotalSeconds, "s", "The age of the oldest change that some pod does not know of.");
    }

    public void Swept(bool succeeded) => _sweeps.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "done" : "failed"));

    public void Found(string fate, int count = 1) => _changes.Add(count, new KeyValuePair<string, object?>("fate", fate));

    public void Answered(string pod, string verdict) =>
        _answers.Add(1, new KeyValuePair<string, object?>("pod", pod), new KeyValuePair<string, object?>("verdict", verdict));

    public void Stale(string pod, string verdict, TimeSpan age) =>
        _age.Record(age.TotalSeconds, new KeyValuePair<string, object?>("pod", pod), new KeyValuePair<string, object?>("verdict", verdict));

    public void Ended(string pod, bool agreed, TimeSpan age) =>
        _duration.Record(age.TotalSeconds, new KeyValuePair<string, object?>("pod", pod), new KeyValuePair<string, object?>("agreed", agreed));

    public void Dispose() => _meter.Dispose();
}
