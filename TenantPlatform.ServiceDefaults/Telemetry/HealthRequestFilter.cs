using System.Diagnostics;
using OpenTelemetry;
using TenantPlatform.ServiceDefaults.Health;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>Keeps health requests out of the traces: there are many, and nobody looks for them.</summary>
internal sealed class HealthRequestFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server
            && data.GetTagItem("url.path") is string path
            && path.StartsWith(HealthEndpoints.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
