using System.Runtime.ExceptionServices;
using Cache.Core.AspNetCore.Answering;
using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Forwarding;
using Cache.Core.AspNetCore.Freshness;
using Cache.Core.AspNetCore.Invalidating;
using Cache.Core.AspNetCore.Ranges;
using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore;

/// <summary>
/// The shared cache in the pipeline: a GET or HEAD is answered from the store, or by an exchange with the rest of the pipeline, which is the
/// origin to it; what changes something goes through and invalidates.
/// </summary>
internal sealed class HttpCacheMiddleware(
    RequestDelegate next,
    HttpCacheOptions options,
    ResponseStore store,
    ExchangeTable exchanges,
    RevalidationQueue revalidations,
    StoredAnswer answers,
    QuickHit quick,
    StoredResponseFactory factory,
    HttpCacheMetrics metrics,
    TimeProvider time)
{
    /// <summary>A look-up goes round when another has stored something meanwhile: the resource, its variants, a variant.</summary>
    private const int MostAttempts = 6;

    /// <summary>Keys up to this are looked up before they are a text.</summary>
    private const int UsualKey = 512;

    private static readonly CacheStatus Missed = new() { Outcome = CacheStatus.Miss, Forwarded = "uri-miss" };

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var policy = context.GetEndpoint()?.Metadata.GetMetadata<HttpCachePolicy>() ?? options.Policy;
        if (policy.IsOff)
            return PassAsync(context, new CacheStatus { Outcome = CacheStatus.Bypass, Forwarded = "bypass", Detail = "policy" });
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return OtherMethodAsync(context);
        if (BypassRule.Of(context) is { } reason)
            return PassAsync(context, new CacheStatus { Outcome = CacheStatus.Bypass, Forwarded = "bypass", Detail = reason });
        if (request.Headers.Range.Count > 0 && RangeBomb.Is(request.Headers.Range))
            request.Headers.Remove("Range");
        if ((policy.IsForced || policy.SharesAuthorized) && AmbiguousPath.Is(request.Path))
            policy = policy.Unforced();
        var partition = options.PartitionOf?.Invoke(context);
        var directives = options.HonourRequestDirectives ? RequestDirectives.Of(request.Headers) : default;
        Span<char> usual = stackalloc char[UsualKey];
        if (!CacheKey.TryWrite(request, partition, usual, out var length))
            return AnswerAsync(context, KeyOf(request, partition), partition, directives, policy);
        if (length <= options.LongestKey && quick.TryFind(request, usual[..length], directives, policy, out var stored, out var body))
        {
            Told(context, CacheStatus.OfHit, CacheTrace.IsWatched(context) ? new string(usual[..length]) : null, stored);
            return quick.SendAsync(context, stored, body);
        }

        return AnswerAsync(context, length <= options.LongestKey ? new string(usual[..length]) : null, partition, directives, policy);
    }

    /// <summary>For keys longer than usual.</summary>
    private string? KeyOf(HttpRequest request, string? partition)
    {
        Span<char> buffer = stackalloc char[CacheKey.Most];
        return CacheKey.TryWrite(request, partition, buffer[..options.LongestKey], out var length) ? new string(buffer[..length]) : null;
    }

    private Task AnswerAsync(HttpContext context, string? key, string? partition, RequestDirectives directives, HttpCachePolicy policy) => key is null
        ? PassAsync(context, new CacheStatus { Outcome = CacheStatus.Bypass, Forwarded = "bypass", Detail = "key" })
        : AnswerAsync(new CacheRequest(context, key, partition, directives, policy, options.IsPrivate));

    private async Task AnswerAsync(CacheRequest request)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var found = await Lookup.FindAsync(store, request, request.Context.RequestAborted);
            if (found.IsUnshared)
            {
                await (request.Directives.OnlyIfCached ? NotCached(request) : PassAsync(request.Context, Missed with { Detail = "hit-for-miss" }, request.Key));
                return;
            }

            if (found.Response is { } stored && !ReferenceEquals(stored, request.Gone) && await TryAnswerStoredAsync(request, found, stored))
                return;
            if (request.Directives.OnlyIfCached)
            {
                await NotCached(request);
                return;
            }

            if (await TryExchangeAsync(request, found))
                return;
        }

        await PassAsync(request.Context, Missed with { Detail = "contended" }, request.Key);
    }

    /// <summary>Answers without the origin, where what is stored may be used.</summary>
    private async ValueTask<bool> TryAnswerStoredAsync(CacheRequest request, Lookup found, StoredResponse stored)
    {
        if (!StoredAnswer.Covers(stored, request.Headers, request.IsHead))
            return false;
        var reuse = ReuseRule.Of(stored, request.Directives, time.GetUtcNow());
        if (reuse == Reuse.Validate)
            return false;
        if (!await SendStoredAsync(request, stored, new CacheStatus { Outcome = reuse == Reuse.Fresh ? CacheStatus.Hit : CacheStatus.Stale }))
            return false;
        if (reuse == Reuse.StaleWhileRevalidate && !request.IsHead)
            revalidations.Add(await PlanAsync(request, found) with { Directives = default, IsRange = false }, () => new OriginRequest(request.Context, next, isForeground: false));
        return true;
    }

    private async ValueTask<bool> SendStoredAsync(CacheRequest request, StoredResponse stored, CacheStatus status)
    {
        if (await answers.TrySendAsync(request.Context, stored, status))
        {
            Told(request.Context, status, request.Key, stored);
            return true;
        }

        request.Gone = stored;
        return false;
    }

    /// <summary>Asks the origin, alone or with all who ask the same; false when it is to be looked for once more.</summary>
    private async ValueTask<bool> TryExchangeAsync(CacheRequest request, Lookup found)
    {
        var plan = await PlanAsync(request, found);
        OriginRequest Origin() => new(request.Context, next, isForeground: true);

        // A part, a head, or the origin's own word: each for itself.
        var isForOrigin = request.Directives.WantsOrigin || request.Directives.NoStore;
        var isAlone = plan.IsRange || plan.IsHead || isForOrigin;
        if (!isForOrigin && await HasWaitedAsync(request, plan))
            return false;
        var (exchange, isLeader) = isAlone ? (exchanges.Begin(plan, Origin()), true) : exchanges.Join(plan, Origin);
        if (!isLeader && !exchange.MayStillAnswer(plan.Directives))
            (exchange, isLeader) = (exchanges.Begin(plan, Origin()), true);
        try
        {
            if (await OutcomeAsync(exchange, request.Context.RequestAborted) is not { } outcome)
            {
                await PassAsync(request.Context, Missed with { Detail = "waited" }, request.Key);
                return true;
            }

            return await AnswerOutcomeAsync(request, plan, exchange, outcome, isLeader);
        }
        finally
        {
            if (isLeader)
                exchange.Leave();
        }
    }

    /// <summary>
    /// Waits, once, while an answer that cannot be followed is being stored: it is better to validate it, or to take a part of it, than to
    /// ask for it anew.
    /// </summary>
    private async ValueTask<bool> HasWaitedAsync(CacheRequest request, ExchangePlan plan)
    {
        if (request.HasWaited || exchanges.Find(plan) is not { IsBeingStored: true } present
            || (!plan.IsRange && !plan.IsHead && present.MayStillAnswer(plan.Directives)))
        {
            return false;
        }

        request.HasWaited = true;
        await present.Settled.WaitAsync(options.CollapsedWait, time, request.Context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    /// <summary>Waits for the origin for as long as it takes, but for another process's exchange only for a while; null when that was in vain.</summary>
    private async ValueTask<ExchangeOutcome?> OutcomeAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        try
        {
            await exchange.Asks.WaitAsync(options.CollapsedWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }

        return await exchange.Outcome.WaitAsync(cancellationToken);
    }

    private async ValueTask<bool> AnswerOutcomeAsync(CacheRequest request, ExchangePlan plan, Exchange exchange, ExchangeOutcome outcome, bool isLeader)
    {
        if (outcome.IsElsewhere)
            return false;
        var status = Status(plan, outcome);
        if (outcome.Stored is { } stored)
        {
            if (!isLeader)
                metrics.Collapsed();
            return await SendStoredAsync(request, stored, status with { IsCollapsed = !isLeader, ForwardedStatus = outcome.Status, IsStored = !outcome.IsStaleOnError });
        }

        if (isLeader)
        {
            if (outcome.Live is null || exchange.Reader is not { } reader)
            {
                ExceptionDispatchInfo.Throw(outcome.Fault ?? new IOException("The origin's answer is gone."));
                return true;
            }

            Told(request.Context, status, request.Key, outcome.Head);
            await LiveAnswer.SendAsync(request.Context, outcome, reader, status, options);
            return true;
        }

        if (outcome.Head is null || outcome.Live is null)
        {
            await PassAsync(request.Context, status with { ForwardedStatus = null }, request.Key);
            return true;
        }

        return await FollowAsync(request, plan, outcome, status);
    }

    /// <summary>Follows another's answer on its way, if it is one to this request too.</summary>
    private async ValueTask<bool> FollowAsync(CacheRequest request, ExchangePlan plan, ExchangeOutcome outcome, CacheStatus status)
    {
        if (outcome.Vary.Length > 0)
        {
            var variants = plan.Variants ?? new VariantIndex(outcome.Epoch!, outcome.Vary, []);
            if (VariantKey.Of(request.Key, outcome.Vary, request.Headers) != (outcome.Key ?? plan.Key))
            {
                request.Told = variants;
                return false;
            }
        }

        if (outcome.Live!.Body.Follow() is not { } reader)
            return false;
        using (reader)
        {
            metrics.Collapsed();
            status = status with { IsCollapsed = true };
            Told(request.Context, status, request.Key, outcome.Head);
            await LiveAnswer.SendAsync(request.Context, outcome, reader, status, options);
        }

        return true;
    }

    private static CacheStatus Status(ExchangePlan plan, ExchangeOutcome outcome) => new()
    {
        Outcome = outcome.IsStaleOnError ? CacheStatus.Stale : outcome.Stored is not null ? CacheStatus.Hit : CacheStatus.Miss,
        Forwarded = plan switch
        {
            { Directives.WantsOrigin: true } => "request",
            { IsCompleting: true } => "partial",
            { Stored: not null } => "stale",
            { Variants: not null } => "vary-miss",
            _ => "uri-miss",
        },
        IsStored = outcome.Head is not null,
        Refusal = outcome.Refusal,
        Detail = outcome.IsStaleOnError ? "stale-if-error" : null,
    };

    /// <summary>What was removed last is noted before the origin is asked.</summary>
    private async ValueTask<ExchangePlan> PlanAsync(CacheRequest request, Lookup found) =>
        Plan(request, found) with { Before = (await store.LastPurgeAsync(), store.ChangesOf(request.Key)) };

    private static ExchangePlan Plan(CacheRequest request, Lookup found)
    {
        // Of what is not all there, only the beginning helps: when all is asked for.
        var stored = ReferenceEquals(found.Response, request.Gone) ? null : found.Response;
        var isCompleting = stored is { Body.IsComplete: false } && !request.IsRange && !request.IsHead && stored.Body.Beginning() > 0;
        return new ExchangePlan
        {
            Resource = request.Key,
            Key = found.Key,
            Variants = found.Variants,
            Stored = stored,
            Directives = request.Directives,
            Policy = request.Policy,
            IsHead = request.IsHead,
            IsRange = request.IsRange,
            IsAuthorized = request.IsAuthorized,
            IsCompleting = isCompleting,
        };
    }

    /// <summary>Goes through. A successful change invalidates what is stored before its answer is given (RFC 9111, section 4.4).</summary>
    private Task OtherMethodAsync(HttpContext context)
    {
        var status = new CacheStatus { Outcome = CacheStatus.Bypass, Forwarded = "method" };
        if (Invalidation.IsSafe(context.Request.Method))
            return PassAsync(context, status);
        var recording = PostRecording.TryBegin(context, store, factory, options, time);
        context.Response.OnStarting(async () =>
        {
            await Invalidation.OfAsync(context, store, options.PartitionOf?.Invoke(context));
            recording?.OnStarting();
        });
        return recording is null ? PassAsync(context, status) : recording.RunAsync(() => PassAsync(context, status));
    }

    private Task PassAsync(HttpContext context, CacheStatus status, string? key = null)
    {
        Told(context, status, key);
        context.Response.OnStarting(() =>
        {
            status.Write(context.Response.Headers, options);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private Task NotCached(CacheRequest request)
    {
        var status = new CacheStatus { Outcome = CacheStatus.Miss, Detail = "only-if-cached" };
        Told(request.Context, status, request.Key);
        request.Context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        status.Write(request.Context.Response.Headers, options);
        return Task.CompletedTask;
    }

    private void Told(HttpContext context, CacheStatus status, string? key = null, StoredResponse? response = null)
    {
        metrics.Answered(status.Outcome, context.GetEndpoint());
        CacheTrace.Tag(context, status, key, response, time);
    }
}
