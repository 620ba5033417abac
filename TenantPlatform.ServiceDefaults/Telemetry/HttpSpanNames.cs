using System.Diagnostics;
using OpenTelemetry;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Names HTTP spans as OpenTelemetry's conventions do, <c>GET /v1/tenants/{tenant}</c>: the framework's own activities
/// carry the parts as tags and are named for their type.
/// </summary>
internal sealed class HttpSpanNames : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.OperationName is not ("Microsoft.AspNetCore.Hosting.HttpRequestIn" or "System.Net.Http.HttpRequestOut"))
            return;
        if (data.GetTagItem("http.request.method") is string method)
            data.DisplayName = data.GetTagItem("http.route") is string route ? $"{method} {route}" : method;
    }
}
