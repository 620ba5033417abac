using Microsoft.AspNetCore.OutputCaching;
using Yarp.ReverseProxy.Configuration;

namespace Gateway.Peers;

/// <summary>YARP as its own documentation sets it up, before one origin.</summary>
internal static class Peer
{
    private const string Name = "origin";
    private const long Capacity = 1L << 30;

    public static WebApplication Create(int port, Uri origin, bool isCached)
    {
        var builder = Local.Builder(port);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = Name, ClusterId = Name, Match = new RouteMatch { Path = "{**path}" } }],
            [new ClusterConfig { ClusterId = Name, Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { [Name] = new() { Address = origin.AbsoluteUri } } }]);
        if (isCached)
        {
            builder.Services.AddOutputCache(static options =>
            {
                options.SizeLimit = Capacity;
                options.AddBasePolicy(static policy => policy.AddPolicy<OriginLifetime>());
            });
        }

        var app = builder.Build();
        if (isCached)
        {
            app.UseOutputCache();
            app.MapMethods("{**path}", ["PURGE"], static (HttpContext context, IOutputCacheStore store) => store.EvictByTagAsync(context.Request.Path.Value!, context.RequestAborted));
        }

        app.MapReverseProxy();
        return app;
    }
}
