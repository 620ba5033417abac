using System.Globalization;

namespace TenantPlatform.Testbed;

/// <summary>Where services send their metrics, over HTTP.</summary>
/// <param name="Endpoint">What they are told as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</param>
/// <param name="Interval">How often they send.</param>
public sealed record Telemetry(Uri Endpoint, TimeSpan Interval)
{
    /// <summary>The variables of a service, as the chart sets them: its pods have one name, and each an instance of its own.</summary>
    /// <param name="resource">The service's or the pod's resource, such as <c>ledger-2</c>.</param>
    internal IEnumerable<KeyValuePair<string, string>> VariablesOf(string resource)
    {
        var end = resource.LastIndexOf('-');
        var isPod = end > 0 && int.TryParse(resource[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        yield return new("OTEL_EXPORTER_OTLP_ENDPOINT", Endpoint.ToString());
        yield return new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        yield return new("OTEL_METRIC_EXPORT_INTERVAL", Interval.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
        yield return new("OTEL_TRACES_SAMPLER", "always_off");
        yield return new("OTEL_SERVICE_NAME", isPod ? resource[..end] : resource);
        yield return new("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={resource}");
    }
}
