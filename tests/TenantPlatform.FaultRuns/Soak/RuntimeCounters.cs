using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Listens to what the runtime of a process counts, by its diagnostics port; ends with the process.</summary>
internal sealed class RuntimeCounters : IDisposable
{
    private const string Provider = "System.Runtime";
    private const string QueueCounter = "threadpool-queue-length";
    private const string HeapCounter = "gc-heap-size"; // in MB

    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _source;

    private RuntimeCounters(EventPipeSession session)
    {
        _session = session;
        _source = new EventPipeEventSource(session.EventStream);
        _source.Dynamic.All += Hear;

        // It blocks until the stream ends, so it gets a thread of its own.
        _ = Task.Factory.StartNew(Listen, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Work that waited for a thread when it was told last.</summary>
    public double? Queue { get; private set; }

    /// <summary>The garbage collector's heap in bytes.</summary>
    public double? Heap { get; private set; }

    /// <summary>Null when the process does not answer: it is gone, or has just started.</summary>
    public static async Task<RuntimeCounters?> OpenAsync(int process, TimeSpan every, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            var seconds = every.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            var counters = new EventPipeProvider(Provider, EventLevel.Informational, arguments: new Dictionary<string, string>(StringComparer.Ordinal) { ["EventCounterIntervalSec"] = seconds });
            return new RuntimeCounters(await new DiagnosticsClient(process).StartEventPipeSessionAsync(counters, requestRundown: false, circularBufferMB: 1, limit.Token));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is ServerNotAvailableException or DiagnosticsClientException or OperationCanceledException or IOException or TimeoutException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _session.Dispose();
    }

    private void Listen()
    {
        try
        {
            _source.Process();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or FormatException or InvalidOperationException)
        {
            // The process has ended.
        }
    }

    private void Hear(TraceEvent told)
    {
        if (told.EventName != "EventCounters" || told.PayloadValue(0) is not IDictionary<string, object> outer || outer["Payload"] is not IDictionary<string, object> counter)
            return;
        if (counter["Name"] is not string name || !counter.TryGetValue("Mean", out var mean))
            return;
        var value = Convert.ToDouble(mean, CultureInfo.InvariantCulture);
        if (name == QueueCounter)
            Queue = value;
        else if (name == HeapCounter)
            Heap = value * 1_000_000;
    }
}
