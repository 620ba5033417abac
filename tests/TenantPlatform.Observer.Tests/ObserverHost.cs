using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.ServiceDefaults;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests;

/// <summary>The observer in this process, as it registers itself.</summary>
internal sealed class ObserverHost : IAsyncDisposable
{
    public const string DiagnosticsKey = "diagnostics-key-of-the-tests";

    private readonly WebApplication _app;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value)> _recorded = new();
    private readonly ConcurrentDictionary<string, long> _sweeps = new(StringComparer.Ordinal);

    private ObserverHost(WebApplication app, LogCollector logs)
    {
        (_app, Logs) = (app, logs);

        // Of this host's own meter: other tests observe beside it.
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ObserverMetrics.Name && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _recorded.Enqueue((instrument.Name, value)));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "observer.sweeps")
                _sweeps.AddOrUpdate((string)tags[0].Value!, value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    public LogCollector Logs { get; }

    public ObservationSummary Summary => _app.Services.GetRequiredService<Observations>().Summarize();

    public static async Task<ObserverHost> StartAsync(
        FakeTenantManager manager, IEnumerable<string> pods, TimeProvider? time = null, HttpMessageHandler? handler = null, string interval = "1", string pause = "0.25")
    {
        var logs = new LogCollector();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_URL"] = manager.Address.ToString(),
            ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
            ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
            ["MULTI_TENANT_SERVICE_API_KEY"] = manager.ApiKey,
            ["MULTI_TENANT_DIAGNOSTICS_KEY"] = DiagnosticsKey,
            ["OBSERVER_PODS"] = string.Join(',', pods),
            ["OBSERVER_ONE_IN"] = "1",
            ["OBSERVER_SWEEP_SEC"] = interval,
            ["OBSERVER_ASK_SEC"] = pause,
        });
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.AddServiceDefaults();
        builder.AddObserver();

        // Limits are for pods, not for a busy machine.
        builder.Services.AddSingleton<IStartupFilter>(services =>
        {
            services.GetRequiredService<ObserverOptions>().AnswerLimit = TimeSpan.FromHours(1);
            return new Nothing();
        });
        if (handler is not null)
            builder.Services.AddHttpClient(Question.ClientName).ConfigurePrimaryHttpMessageHandler(() => handler);
        var app = builder.Build();
        app.MapObservations();
        var host = new ObserverHost(app, logs);
        await app.StartAsync();
        return host;
    }

    /// <summary>Waits until the tenant-manager was swept so often, and the next sweep waits for its time.</summary>
    public Task SweptAsync(int count) => Eventually.HoldsAsync($"{count} sweeps", () => Sweeps("done") >= count);

    public long Sweeps(string outcome) => _sweeps.GetValueOrDefault(outcome);

    public Task HoldsAsync(string what, Func<ObservationSummary, bool> holds) => Eventually.HoldsAsync(what, () => holds(Summary));

    public IEnumerable<double> Recorded(string instrument) => _recorded.Where(recorded => recorded.Instrument == instrument).Select(recorded => recorded.Value);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _listener.Dispose();
    }

    private sealed class Nothing : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => next;
    }
}
