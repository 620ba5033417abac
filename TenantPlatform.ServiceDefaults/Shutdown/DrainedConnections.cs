using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.ServiceDefaults.Shutdown;

/// <summary>
/// While the service drains, each answer over HTTP/1.1 ends its connection (RFC 9112, section 9.6). A client that keeps connections would
/// otherwise send its next request into one that is just being closed, and could not know whether it was carried out.
/// </summary>
internal sealed class DrainedConnections(Drain drain) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(pipeline => context =>
        {
            if (drain.IsUnderWay && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return pipeline(context);
        });
        next(app);
    };
}
