using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;

namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Names HTTP spans as OpenTelemetry's conventions do, <c>GET /v1/tenants/{tenant}</c>: the framework's own activities
/// carry the method as a tag, know no route, and are named for their type.
/// </summary>
internal sealed class HttpSpanNames : BaseProcessor<Activity>, IStartupFilter
{
    public override void OnEnd(Activity data)
    {
        if (data.OperationName is not ("Microsoft.AspNetCore.Hosting.HttpRequestIn" or "System.Net.Http.HttpRequestOut"))
            return;
        if (data.GetTagItem("http.request.method") is string method)
            data.DisplayName = data.GetTagItem("http.route") is string route ? $"{method} {route}" : method;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            await following(context);
            TellRoute(context);
        });
        next(app);
    };

    private static void TellRoute(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } activity
            && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
            activity.SetTag("http.route", route);
    }
}
