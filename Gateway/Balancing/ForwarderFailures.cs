using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Balancing;

/// <summary>What failures say.</summary>
internal static class ForwarderFailures
{
    /// <summary>Whether the destination gave no answer, or broke one off: not the client, and not this process.</summary>
    public static bool IsOfDestination(this IForwarderErrorFeature failure) => failure.Error is
        ForwarderError.Request or ForwarderError.RequestTimedOut or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination;

    /// <summary>Whether the request cannot have reached it: there was no connection.</summary>
    public static bool IsUnsent(this IForwarderErrorFeature failure) =>
        failure is { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } };
}
