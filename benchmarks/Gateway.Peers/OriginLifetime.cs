using System.Globalization;
using Microsoft.AspNetCore.OutputCaching;

namespace Gateway.Peers;

/// <summary>The lifetime that the origin gives, as its path says it: the output cache does not read the origin's fields. What will be purged carries its path.</summary>
internal sealed class OriginLifetime : IOutputCachePolicy
{
    private const string Purged = "purged-";

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var path = context.HttpContext.Request.Path.Value!;
        if (path.Split('/', 4) is [_, _, var seconds, var name] && int.TryParse(seconds, CultureInfo.InvariantCulture, out var lifetime))
        {
            context.ResponseExpirationTimeSpan = TimeSpan.FromSeconds(lifetime);
            if (name.StartsWith(Purged, StringComparison.Ordinal))
                context.Tags.Add(path);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
}
