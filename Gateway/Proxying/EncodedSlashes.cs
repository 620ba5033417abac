using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Proxying;

/// <summary>
/// <c>%2F</c> in paths goes to the origin as it was sent. The server leaves it encoded where it decodes all else, and the proxy, which
/// encodes anew, would make <c>%252F</c> of it: the address of something else.
/// </summary>
internal static class EncodedSlashes
{
    private const string Slash = "%2F", Twice = "%252F";

    public static void AddEncodedSlashes(this TransformBuilderContext context) => context.AddRequestTransform(static request =>
    {
        if (request.ProxyRequest.RequestUri is null && Has(request.Path.Value, Slash)
            && request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { } sent && !Has(sent, "%25"))
        {
            var address = RequestUtilities.MakeDestinationAddress(request.DestinationPrefix, request.Path, QueryString.Empty).AbsoluteUri;
            request.ProxyRequest.RequestUri = new Uri(address.Replace(Twice, Slash, StringComparison.OrdinalIgnoreCase) + request.Query.QueryString.ToUriComponent());
        }

        return ValueTask.CompletedTask;
    });

    private static bool Has(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
}
