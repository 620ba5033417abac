using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.LocalServers;

namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>
/// Takes the services' metrics by OTLP and shows them to Prometheus: Debian builds its Prometheus without the receiver that others have.
/// What a process has sent last counts for as long as a sample does; then it is gone, as it would be there.
/// </summary>
internal sealed class OtlpBridge : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, (string Text, long At)> _processes = new(StringComparer.Ordinal);
    private readonly PortReservation _port = PortReservation.Take();
    private readonly TimeSpan _lasts;
    private readonly WebApplication _app;

    private OtlpBridge(TimeSpan lasts)
    {
        _lasts = lasts;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{Target}");
        _app = builder.Build();
        _app.MapPost("/v1/metrics", TakeAsync);
        _app.MapPost("/v1/traces", static () => Results.Ok());
        _app.MapPost("/v1/logs", static () => Results.Ok());
        _app.MapGet("/metrics", () => Results.Text(Show(), "text/plain; version=0.0.4"));
    }

    /// <summary>What services are told as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public Uri OtlpEndpoint => new($"http://{Target}");

    /// <summary>Where Prometheus finds it.</summary>
    public string Target => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port.Port}");

    /// <summary>Starts it.</summary>
    /// <param name="lasts">How long a sample counts.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<OtlpBridge> StartAsync(TimeSpan lasts, CancellationToken cancellationToken)
    {
        var bridge = new OtlpBridge(lasts);
        await bridge._app.StartAsync(cancellationToken);
        return bridge;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _port.Dispose();
    }

    private async Task<IResult> TakeAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var (process, text) = OtlpMetrics.Read(body.GetBuffer().AsSpan(0, (int)body.Length));
        _processes[process] = (text, TimeProvider.System.GetTimestamp());
        return Results.Bytes([], "application/x-protobuf");
    }

    private string Show() => string.Concat(_processes.Values.Where(one => TimeProvider.System.GetElapsedTime(one.At) < _lasts).Select(static one => one.Text));
}
