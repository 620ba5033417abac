using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;
using Polly.Timeout;

namespace TenantPlatform.ServiceDefaults.Resilience;

/// <summary>
/// One pipeline per authority, from the outside in: total timeout, retries with jittered back-off (safe methods only),
/// breaker, attempt timeout. Safe for concurrent use.
/// </summary>
internal sealed class ResiliencePipelines(TimeProvider time) : IDisposable
{
    public static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("http.request");

    private static readonly TimeSpan TotalLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(10);

    private readonly ResiliencePipelineRegistry<string> _registry = new();

    public ResiliencePipeline<HttpResponseMessage> For(Uri address) =>
        _registry.GetOrAddPipeline<HttpResponseMessage>(address.GetLeftPart(UriPartial.Authority), Build);

    public void Dispose() => _registry.Dispose();

    private void Build(ResiliencePipelineBuilder<HttpResponseMessage> builder)
    {
        builder.TimeProvider = time;
        builder
            .AddTimeout(TotalLimit)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(5),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(IsSafe(args.Context) && IsTransient(args.Outcome)),
                OnRetry = args =>
                {
                    args.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 20,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
                ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome)),
            })
            .AddTimeout(AttemptLimit);
    }

    private static bool IsSafe(ResilienceContext context) =>
        context.Properties.TryGetValue(Request, out var request) && SafeMethods.Contain(request.Method);

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };
}
