using System.Diagnostics;
using OpenTelemetry;
using TenantPlatform.ServiceDefaults.Health;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps health requests, and what they ask of databases and other services, out of the traces: there are many, and nobody
/// looks for them. Decided when the request begins, so that the default sampler leaves its children out too.
/// </summary>
internal sealed class HealthRequestFilter : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Kind == ActivityKind.Server
            && data.GetTagItem("url.path") is string path
            && path.StartsWith(HealthEndpoints.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            data.IsAllDataRequested = false;
        }
    }
}
