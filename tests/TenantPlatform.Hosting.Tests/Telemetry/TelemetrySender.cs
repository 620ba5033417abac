using System.Globalization;
using System.Net.Http.Headers;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>
/// For <c>eng/measure-host</c>: <c>TenantPlatform.Hosting.Tests otlp 10000</c> sends that many spans and as many logs to where the
/// variables <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and <c>OTEL_EXPORTER_OTLP_HEADERS</c> say.
/// </summary>
internal static class TelemetrySender
{
    private const int Batch = 200;

    public static async Task<int> RunAsync(string count)
    {
        using var client = new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")!) };
        foreach (var header in (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_HEADERS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            client.DefaultRequestHeaders.Add(header[..header.IndexOf('=', StringComparison.Ordinal)], header[(header.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var total = ulong.Parse(count, CultureInfo.InvariantCulture);
        for (ulong first = 1; first <= total; first += Batch)
        {
            var numbers = Enumerable.Range(0, Batch).Select(number => first + (ulong)number).ToArray();
            await SendAsync(client, "traces", Messages.Request("ledger-1", "Microsoft.AspNetCore", [.. numbers.Select(TypicalTelemetry.Span)]));
            await SendAsync(client, "logs", Messages.Request("ledger-1", "Ledger.Api.Transactions", [.. numbers.Select(TypicalTelemetry.Log)]));
        }

        return 0;
    }

    private static async Task SendAsync(HttpClient client, string kind, ProtoWriter message)
    {
        using var content = new ByteArrayContent(message.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await client.PostAsync(new Uri($"/v1/{kind}", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
