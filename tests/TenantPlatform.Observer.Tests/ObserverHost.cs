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
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> _recorded = new();

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
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    public LogCollector Logs { get; }

    public ObservationSummary Summary => _app.Services.GetRequiredService<Observations>().Summarize();

    /// <summary>Where it shows its summary.</summary>
    public Uri Address => new($"{_app.Urls.Single()}/observations");

    /// <summary>Starts it.</summary>
    /// <param name="manager">The tenant-manager.</param>
    /// <param name="pods">The pods' addresses.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="handler">Answers for the pods.</param>
    /// <param name="interval">From sweep to sweep, in seconds.</param>
    /// <param name="pause">From question to question, in seconds.</param>
    /// <param name="valkey">Valkey's connection string; null: it is told of none.</param>
    /// <param name="encryptionKeys">The keys of encrypted values.</param>
    /// <param name="configure">Changes what no setting is for.</param>
    public static async Task<ObserverHost> StartAsync(
        FakeTenantManager manager,
        IEnumerable<string> pods,
        TimeProvider? time = null,
        HttpMessageHandler? handler = null,
        string interval = "1",
        string pause = "0.25",
        string? valkey = null,
        string? encryptionKeys = null,
        Action<ObserverOptions>? configure = null)
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
            ["ConnectionStrings:valkey"] = valkey,
            ["CACHE_ENCRYPTION_KEYS"] = encryptionKeys,
        });
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.AddServiceDefaults();
        builder.AddObserver();

        // Limits are for pods, not for a busy machine; and gaps are all the same unless a test is about them.
        var options = (ObserverOptions)builder.Services.Single(service => service.ServiceType == typeof(ObserverOptions)).ImplementationInstance!;
        options.AnswerLimit = TimeSpan.FromHours(1);
        options.FirstGap = options.AskInterval;
        configure?.Invoke(options);
        if (handler is not null)
            builder.Services.AddHttpClient(Question.ClientName).ConfigurePrimaryHttpMessageHandler(() => handler);
        var app = builder.Build();
        app.MapObservations();
        var host = new ObserverHost(app, logs);
        await app.StartAsync();
        return host;
    }

    /// <summary>Waits until the tenant-manager was swept so often.</summary>
    public Task SweptAsync(int count) => Eventually.HoldsAsync($"{count} sweeps", () => Sweeps("done") >= count);

    public long Sweeps(string outcome) => (long)Recorded("observer.sweeps", ("outcome", outcome)).Sum();

    public Task HoldsAsync(string what, Func<ObservationSummary, bool> holds) => Eventually.HoldsAsync(what, () => holds(Summary));

    /// <summary>What an instrument has recorded with these tags.</summary>
    public IEnumerable<double> Recorded(string instrument, params (string Name, object Value)[] tags) => _recorded
        .Where(recorded => recorded.Instrument == instrument && tags.All(tag => recorded.Tags.TryGetValue(tag.Name, out var value) && tag.Value.Equals(value)))
        .Select(recorded => recorded.Value);

    /// <summary>What a gauge shows now with these tags.</summary>
    public double Shown(string instrument, params (string Name, object Value)[] tags)
    {
        _listener.RecordObservableInstruments();
        return Recorded(instrument, tags).Last();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _listener.Dispose();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _recorded.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray(), StringComparer.Ordinal)));
}
