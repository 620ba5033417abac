using Gateway.Diagnostics;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gateway.Balancing;

/// <summary>
/// Sends a request to another destination when the first gives no answer: a safe one (RFC 9110, section 9.2.1) without a body, or any whose
/// connection was not made; up to three times in all, and only as long as nothing has been sent to the client.
/// </summary>
internal sealed class RetryMiddleware(RequestDelegate next)
{
    private const int MostAttempts = 3;

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var left = proxy.AvailableDestinations;
        for (var attempt = 1; ; attempt++)
        {
            await next(context);
            if (context.GetForwarderErrorFeature() is not { } failure || !MayBeSentAgain(context, failure))
                break;
            left = [.. left.Where(one => one != proxy.ProxiedDestination)];
            if (attempt == MostAttempts || left.Count == 0)
                break;
            GatewayMetrics.Retried(proxy.Cluster.Config.ClusterId);
            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            proxy.ProxiedDestination = null;
            proxy.AvailableDestinations = left;
        }
    }

    private static bool MayBeSentAgain(HttpContext context, IForwarderErrorFeature failure) =>
        failure.IsOfDestination() && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
        && (failure.IsUnsent() || (IsSafe(context.Request.Method) && !HasBody(context)));

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static bool HasBody(HttpContext context) => context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
}
