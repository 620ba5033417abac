using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.HttpGuards.Diagnostics;
using TenantPlatform.HttpGuards.Keys;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>
/// Lets a request with an idempotency key take effect once:
/// <code>
/// absent ──take──▶ processing ──2xx, 3xx──▶ complete ──retention──▶ absent
///                   │    │ └─ renewed while the handler runs; the process dies: absent after one lease
///                   │    └─ the same key meanwhile: 409
///                   └──4xx, 5xx, exception──▶ absent
/// </code>
/// </summary>
internal sealed partial class IdempotencyMiddleware(
    RequestDelegate next, IdempotencyOptions options, IIdempotencyScope scopes, RecordStore records, TimeProvider time, ILogger<IdempotencyMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!options.IsEnabled || !IdempotencyKey.IsFor(context.Request.Method) || IdempotencyKey.Read(context.Request.Headers, out var refusal) is not { } key)
        {
            await next(context);
            return;
        }

        if (refusal is not null)
        {
            await RefuseAsync(context, refusal, "invalid");
            return;
        }

        if (await scopes.OfAsync(context) is not { } scope)
        {
            await next(context);
            return;
        }

        if (await RequestBody.TakeAsync(context.Request, IdempotencyOptions.LongestBody, context.RequestAborted) is not { } body)
        {
            await RefuseAsync(context, Refusals.BodyTooLong, "invalid");
            return;
        }

        await TakeAsync(context, $"idempotency:{KeyPart.Of(scope)}:{KeyPart.Of(key)}", Fingerprint.Of(context.Request, body));
    }

    private async Task TakeAsync(HttpContext context, string key, string fingerprint)
    {
        HeldKey? held;
        IdempotencyRecord? other;
        try
        {
            (held, other) = await records.TakeAsync(key, fingerprint);
        }
        catch (CacheUnavailableException exception)
        {
            LogUnavailable(exception.Message, options.FailsClosed ? "refused" : "uncovered");
            if (options.FailsClosed)
            {
                await RefuseAsync(context, Refusals.Unavailable, "unavailable");
                return;
            }

            GuardMetrics.Ended("uncovered");
            await next(context);
            return;
        }

        if (held is null)
        {
            await AnswerAgainAsync(context, other, fingerprint);
            return;
        }

        await using (held)
            await ServeAsync(context, held, key, fingerprint);
    }

    private Task AnswerAgainAsync(HttpContext context, IdempotencyRecord? other, string fingerprint)
    {
        if (other is not null && other.Fingerprint != fingerprint)
            return RefuseAsync(context, Refusals.OtherRequest, "mismatch");
        if (other is not { State: IdempotencyRecord.Complete })
        {
            context.Response.Headers.RetryAfter = "1";
            return RefuseAsync(context, Refusals.InFlight, "in_flight");
        }

        if (other.Answer is not { } answer)
            return RefuseAsync(context, Refusals.NotKept, "too_long");
        GuardMetrics.Ended("replayed");
        return answer.ReplayAsync(context.Response, context.RequestAborted);
    }

    /// <summary>
    /// Runs the handler to its end, also when the client has gone: what it does is done, and the client, who does not know that, will
    /// ask again and be told.
    /// </summary>
    private async Task ServeAsync(HttpContext context, HeldKey held, string key, string fingerprint)
    {
        var client = context.RequestAborted;
        using var longest = new CancellationTokenSource(options.LongestRequest, time);
        await using var buffer = new AnswerBuffer(context, IdempotencyOptions.LongestAnswer);
        byte[] body;
        context.RequestAborted = longest.Token;
        try
        {
            await next(context);
            body = await buffer.EndAsync();
        }
        catch
        {
            await held.ReleaseAsync();
            GuardMetrics.Ended("released");
            throw;
        }
        finally
        {
            buffer.Remove();
            context.RequestAborted = client;
        }

        await KeepAsync(context.Response, held, key, fingerprint, buffer.IsTooLong ? null : body);
        if (buffer.IsTooLong || body.Length == 0 || client.IsCancellationRequested)
            return;
        context.Response.ContentLength ??= body.Length;
        await context.Response.Body.WriteAsync(body, client);
    }

    private async Task KeepAsync(HttpResponse response, HeldKey held, string key, string fingerprint, byte[]? body)
    {
        if (response.StatusCode >= 400)
        {
            await held.ReleaseAsync();
            GuardMetrics.Ended("released");
            return;
        }

        await held.CompleteAsync(records.Completed(key, fingerprint, body is null ? null : StoredAnswer.Of(response, body)), Ended);

        void Ended(bool isKept)
        {
            GuardMetrics.Ended(isKept ? "kept" : "unkept");
            if (!isKept)
                LogUnkept(options.Lease.TotalSeconds);
        }
    }

    private Task RefuseAsync(HttpContext context, GuardRefusal refusal, string outcome)
    {
        GuardMetrics.Ended(outcome);
        return refusal.WriteAsync(context, options.WriteRefusal);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An idempotency key could not be looked up; the request is {Outcome}: {Reason}")]
    private partial void LogUnavailable(string reason, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request has taken effect, and its answer could not be kept: the same one sent again would take effect again once {Seconds} s have passed")]
    private partial void LogUnkept(double seconds);
}
