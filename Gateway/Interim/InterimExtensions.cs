using Cache.Core.AspNetCore.Forwarding;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Interim;

/// <summary>Interim answers on their way from the origin to the client, around the cache.</summary>
internal static class InterimExtensions
{
    /// <summary>First in the pipeline: gives requests over HTTP/1.1 the feature.</summary>
    public static void UseInterimResponses(this WebApplication app) => app.Use(static (context, next) =>
    {
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) || context.Features.Get<IConnectionTransportFeature>() is not { } connection)
            return next(context);
        InterimWriter writer = new(connection.Transport.Output);
        context.Features.Set<IInterimResponses>(writer);
        context.Response.OnStarting(static writer => ((InterimWriter)writer).CloseAsync(), writer);
        return next(context);
    });

    /// <summary>Last before the proxy: tells the connection to the origin whom they are for.</summary>
    public static void UseInterimResponsesOfOrigin(this WebApplication app) => app.Use(static (context, next) =>
    {
        InterimFlow.Current = context.Features.Get<IInterimResponses>();
        return next(context);
    });
}
