using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Diagnostics;
using TenantPlatform.HttpGuards.Keys;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>Counts each request against its limits, and answers 429 when one of them is exhausted.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimitOptions options, IRatePartitions partitions, SharedRates rates)
{
    private static readonly GuardRefusal Refusal = new(
        StatusCodes.Status429TooManyRequests, "RATE_LIMIT_EXCEEDED", "Too Many Requests", "Too many requests: send this one again after the seconds in 'Retry-After'.");

    public async Task InvokeAsync(HttpContext context)
    {
        var wanted = options.IsEnabled ? partitions.Of(context) : [];
        List<RateStanding>? standings = null;
        var isAllowed = true;
        for (var i = 0; i < wanted.Count && isAllowed; i++)
        {
            var partition = wanted[i];
            if (!options.Tiers.TryGetValue(partition.Tier, out var limit))
                throw new InvalidOperationException($"There is no tier '{partition.Tier}': add it where the rate limits are registered.");
            if (limit is not { } terms)
                continue;
            var (take, isLocal) = await rates.TakeAsync($"ratelimit:{options.Service}:{partition.Policy}:{KeyPart.Of(partition.Id)}", terms, context.RequestAborted);
            GuardMetrics.Decided(partition.Policy, partition.Tier, take.IsAllowed, isLocal);
            (standings ??= []).Add(new RateStanding(partition.Policy, terms, take));
            isAllowed = take.IsAllowed;
        }

        if (standings is not null)
        {
            // When the answer begins: whoever turns a failure into an answer clears what was set before.
            context.Response.OnStarting(
                static state =>
                {
                    var (response, all) = ((HttpResponse, List<RateStanding>))state;
                    RateHeaders.Write(response, all);
                    return Task.CompletedTask;
                },
                (context.Response, standings));
        }

        if (isAllowed)
            await next(context);
        else
            await Refusal.WriteAsync(context, options.WriteRefusal);
    }
}
