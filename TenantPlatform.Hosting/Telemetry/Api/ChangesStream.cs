using System.Globalization;
using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>
/// Server-sent events <c>traces</c>, <c>logs</c> and <c>metrics</c>, each with <c>{"version"}</c>: first what is, then every
/// change, at most four a second of each. Ends when the client goes or the host stops.
/// </summary>
internal static class ChangesStream
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly TelemetryVersions None = new(-1, -1, -1);

    public static async Task SendAsync(HttpContext context, TelemetryStore store, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = MediaTypeNames.Text.EventStream;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            var seen = None;
            while (true)
            {
                var current = store.Changes.Current;
                await WriteAsync(context.Response, Events(seen, current), ending.Token);
                seen = current;
                await Task.Delay(Interval, time, ending.Token);
                while (!await ChangesAsync(store.Changes, seen, time, ending.Token))
                    await WriteAsync(context.Response, ": keep-alive\n\n", ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client went, or the host stops: the stream just ends.
        }
    }

    private static async Task<bool> ChangesAsync(TelemetryChanges changes, TelemetryVersions seen, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await changes.WaitAsync(seen, cancellationToken).WaitAsync(KeepAlive, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static string Events(TelemetryVersions seen, TelemetryVersions current)
    {
        var text = new StringBuilder();
        Add(text, "traces", seen.Traces, current.Traces);
        Add(text, "logs", seen.Logs, current.Logs);
        Add(text, "metrics", seen.Metrics, current.Metrics);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, long seen, long current)
    {
        if (seen != current)
            text.Append(CultureInfo.InvariantCulture, $"event: {name}\ndata: {{\"version\":{current}}}\n\n");
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
