using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace TenantPlatform.ServiceDefaults.Resilience;

/// <summary>HTTP resilience by Microsoft.Extensions.Http.Resilience; marked requests meet no timeout, retry or breaker count.</summary>
internal static class HttpResilience
{
    public static void Add(IServiceCollection services) =>
        services.ConfigureHttpClientDefaults(client => client.AddStandardResilienceHandler(Configure).SelectPipelineByAuthority());

    private static void Configure(HttpStandardResilienceOptions options)
    {
        var retries = options.Retry.ShouldHandle;
        options.Retry.ShouldHandle = args => MayRetry(args.Context) ? retries(args) : ValueTask.FromResult(false);
        var breaks = options.CircuitBreaker.ShouldHandle;
        options.CircuitBreaker.ShouldHandle = args => IsMarked(args.Context) ? ValueTask.FromResult(false) : breaks(args);
        var (total, attempt) = (options.TotalRequestTimeout.Timeout, options.AttemptTimeout.Timeout);
        options.TotalRequestTimeout.TimeoutGenerator = args => ValueTask.FromResult(IsMarked(args.Context) ? Timeout.InfiniteTimeSpan : total);
        options.AttemptTimeout.TimeoutGenerator = args => ValueTask.FromResult(IsMarked(args.Context) ? Timeout.InfiniteTimeSpan : attempt);
    }

    private static bool MayRetry(ResilienceContext context) =>
        !IsMarked(context) && context.GetRequestMessage() is { } request && SafeMethods.Contain(request.Method);

    private static bool IsMarked(ResilienceContext context) => HandledElsewhere.IsSet(context.GetRequestMessage());
}
