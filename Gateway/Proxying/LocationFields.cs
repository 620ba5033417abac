using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Proxying;

/// <summary>
/// <c>Location</c> and <c>Content-Location</c> of a route that takes a prefix off paths, as its clients have to name the resource: with the
/// prefix. The cache comes behind this, so that what they name is invalidated under the address by which it is asked for.
/// </summary>
internal static class LocationFields
{
    private static readonly string[] Names = ["Location", "Content-Location"];

    public static void AddLocationFields(this TransformBuilderContext context)
    {
        if (PrefixOf(context.Route.Transforms) is not { } prefix)
            return;
        context.AddResponseTransform(response =>
        {
            var headers = response.HttpContext.Response.Headers;
            if (response.HttpContext.GetReverseProxyFeature().ProxiedDestination is not { } destination)
                return ValueTask.CompletedTask;
            Uri origin = new(destination.Model.Config.Address);
            foreach (var name in Names)
            {
                if (headers.TryGetValue(name, out var values) && values is [{ } reference]
                    && Public(reference, origin, response.HttpContext.Request.PathBase + prefix) is { } named)
                {
                    headers[name] = new StringValues(named);
                }
            }

            return ValueTask.CompletedTask;
        });
    }

    /// <summary>What the origin's reference is called outside; null where it stays as it is: it is relative to the request, or of another origin.</summary>
    /// <param name="reference">What the origin says.</param>
    /// <param name="origin">Its address; where that has a path, only what lies below it is reached from outside.</param>
    /// <param name="prefix">What was taken off.</param>
    /// <remarks>Without a host: the client's own is what it asked, whatever it has sent as one.</remarks>
    public static string? Public(string reference, Uri origin, string prefix)
    {
        string path;
        if (reference.StartsWith('/'))
            path = reference;
        else if (Uri.TryCreate(reference, UriKind.Absolute, out var target) && target.Scheme == origin.Scheme && target.Authority.Equals(origin.Authority, StringComparison.OrdinalIgnoreCase))
            path = target.PathAndQuery + target.Fragment;
        else
            return null;

        // Two of them at the beginning name a host, and browsers take a backslash for the second.
        var own = origin.AbsolutePath.TrimEnd('/');
        return path is ['/', '/' or '\\', ..] || !path.StartsWith(own + '/', StringComparison.Ordinal) ? null : prefix + path[own.Length..];
    }

    /// <summary>The prefix that a route's transforms take off; null where there is none, or more is done to paths.</summary>
    private static string? PrefixOf(IReadOnlyList<IReadOnlyDictionary<string, string>>? transforms)
    {
        var paths = (transforms ?? []).SelectMany(static one => one).Where(static one => one.Key.StartsWith("Path", StringComparison.OrdinalIgnoreCase)).ToList();
        return paths is [var only] && only.Key.Equals("PathRemovePrefix", StringComparison.OrdinalIgnoreCase) && only.Value.Trim('/') is { Length: > 0 } prefix ? "/" + prefix : null;
    }
}
