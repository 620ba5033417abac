using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Freshness;
using Cache.Core.AspNetCore.Purging;
using Cache.Core.AspNetCore.Ranges;
using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>
/// One exchange with the origin, for one request or for all that wait for the same answer. It tells its <see cref="Outcome"/> when the head
/// is there, and goes on until the body is stored. Nothing is stored that an invalidation has overtaken: the fence was noted before the
/// origin was asked.
/// </summary>
internal sealed class Exchange
{
    private readonly ExchangeServices _services;
    private readonly OriginRequest _origin;
    private readonly TaskCompletionSource _asks = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ExchangeOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private StreamedBody _body;
    private BodyReader? _reader;
    private bool _hasLeader;

    /// <param name="services">What it uses.</param>
    /// <param name="origin">The request to send.</param>
    /// <param name="plan">What for.</param>
    /// <param name="hasLeader">Whether somebody reads the answer, whatever becomes of it, and will <see cref="Leave"/>.</param>
    public Exchange(ExchangeServices services, OriginRequest origin, ExchangePlan plan, bool hasLeader)
    {
        (_services, _origin, Plan, _hasLeader) = (services, origin, plan, hasLeader);
        _body = new StreamedBody(services.Options.LargestBody.Bytes);
    }

    public ExchangePlan Plan { get; }

    /// <summary>Ends when the origin is asked, or need not be.</summary>
    public Task Asks => _asks.Task;

    public Task<ExchangeOutcome> Outcome => _outcome.Task;

    /// <summary>Ends when what there was to store is stored, and it cannot be joined any more.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Whether all of the answer is there that will be stored.</summary>
    public bool IsBeingStored => _outcome.Task.IsCompletedSuccessfully && (_outcome.Task.Result.Stored is not null || (_outcome.Task.Result.Head is not null && _body.Ended.IsCompleted));

    /// <summary>The leader's place in the body of a live answer.</summary>
    public BodyReader? Reader
    {
        get
        {
            lock (_gate)
                return _reader;
        }
    }

    /// <summary>
    /// Whether a request that comes now may wait for it. To one that comes after the head, the answer is as good as stored: what is not
    /// fresh has to be validated first (RFC 9111, section 4).
    /// </summary>
    public bool MayStillAnswer(in RequestDirectives directives) =>
        !_outcome.Task.IsCompleted || (_outcome.Task.Result.Head ?? _outcome.Task.Result.Stored) is not { } known || ReuseRule.Of(known, directives, _services.Now) == Reuse.Fresh;

    /// <summary>The leader has read what it wanted.</summary>
    public void Leave()
    {
        BodyReader? reader;
        lock (_gate)
            (_hasLeader, reader) = (false, _reader);
        reader?.Dispose();
    }

    /// <inheritdoc cref="Settled"/>
    public void Settle() => _settled.TrySetResult();

    /// <summary>Runs it to its end. Never throws.</summary>
    /// <param name="isShared">Whether one process asks for all.</param>
    public async Task RunAsync(bool isShared)
    {
        try
        {
            if (isShared)
                await _services.Store.FetchAsync(Plan.Key, this, static (exchange, stop) => exchange.FetchAsync(stop), skipsStored: Plan.Stored is not null);
            else
                await _services.Store.FetchAloneAsync(Plan.Key, this, static (exchange, stop) => exchange.FetchAsync(stop));
            Tell(new ExchangeOutcome { IsElsewhere = true });
        }
        catch (Exception exception)
        {
            Tell(new ExchangeOutcome { Fault = exception });
            _body.StopKeeping();
        }
    }

    private void Tell(ExchangeOutcome outcome)
    {
        var isFirst = _outcome.TrySetResult(outcome);
        _asks.TrySetResult();
        if (isFirst && outcome.Live is null)
            Unfollow();
    }

    private void Unfollow()
    {
        BodyReader? reader;
        lock (_gate)
            (reader, _reader) = (_reader, null);
        reader?.Dispose();
    }

    private async ValueTask<FetchResult<StoredEntry>> FetchAsync(CancellationToken stop)
    {
        // Overtaken by an invalidation: who waits has been answered, and nothing is kept of it.
        if (_asks.Task.IsCompleted)
            return KeepNothing;
        if (Plan.Stored is { } stored && !Plan.IsHead && await FoundMeanwhileAsync(stored, stop) is { } newer)
        {
            Tell(new ExchangeOutcome { Stored = newer });
            return KeepNothing;
        }

        _asks.TrySetResult();
        var headers = Plan switch
        {
            { IsCompleting: true } => ValidationRequest.Completing(_origin.Headers, Plan.Stored!),
            { IsHead: true } => ValidationRequest.Header(_origin.Headers, stored: null, keepsRange: true),
            { IsRange: true } => ValidationRequest.Header(_origin.Headers, Plan.Stored is { } partial && partial.Body.IsComplete ? partial : null, keepsRange: true),
            _ => ValidationRequest.Header(_origin.Headers, Plan.Stored is { } whole && whole.Body.IsComplete ? whole : null, keepsRange: false),
        };
        var result = await AskAsync(headers, isRetry: false, stop);

        // A 304 of something else, or a part that does not fit: asked once more, without conditions.
        return result ?? await AskAsync(ValidationRequest.Header(_origin.Headers, stored: null, Plan.IsRange), isRetry: true, stop) ?? KeepNothing;
    }

    /// <summary>Another process may have validated it while this one waited for its turn.</summary>
    private async ValueTask<StoredResponse?> FoundMeanwhileAsync(StoredResponse stored, CancellationToken stop) =>
        (await _services.Store.FindInL2Async(Plan.Key, stop))?.Response is { } found
        && found.ResponseTime > stored.ResponseTime
        && found.Epoch == Plan.Variants?.Epoch
        && ReuseRule.Of(found, Plan.Directives, _services.Now) == Reuse.Fresh
            ? found
            : null;

    private async ValueTask<FetchResult<StoredEntry>?> AskAsync(IHeaderDictionary headers, bool isRetry, CancellationToken stop)
    {
        Unfollow();
        _body = new StreamedBody(_services.Options.LargestBody.Bytes);

        // Before anything comes: what is not kept would be gone otherwise.
        lock (_gate)
            _reader = _hasLeader ? _body.Follow() : null;
        OriginResponse response = new(_body);
        _body.Abandoned = response.Abort;
        var requestTime = _services.Now;
        _ = _origin.SendAsync(headers, response);
        try
        {
            await response.Started;
        }
        catch (Exception exception)
        {
            return OnFailure(response, exception);
        }

        ExchangeAnswer answer = new(response, _services.Factory.Directives(response.StatusCode, response.Headers, Plan.Policy), requestTime, _services.Now);
        if (answer.Status is 500 or 502 or 503 or 504 && MayServeOnError(out var stale))
        {
            _body.StopKeeping();
            Tell(new ExchangeOutcome { Stored = stale, IsStaleOnError = true, Status = answer.Status });
            return KeepNothing;
        }

        if (Plan.IsHead)
            return await OnHeadAsync(answer);
        if (answer.Status == StatusCodes.Status304NotModified && Plan.Stored is { } stored && !isRetry)
            return OnNotModified(answer, stored);
        return await OnAnswerAsync(answer, isRetry, stop);
    }

    private FetchResult<StoredEntry> OnFailure(OriginResponse response, Exception exception)
    {
        _body.StopKeeping();
        _services.Metrics.OriginFailed();
        Tell(MayServeOnError(out var stale) ? new ExchangeOutcome { Stored = stale, IsStaleOnError = true } : new ExchangeOutcome { Live = null, Fault = exception, Status = response.StatusCode });
        return KeepNothing;
    }

    private bool MayServeOnError(out StoredResponse? stale)
    {
        stale = Plan.Stored is { Body.IsComplete: true } stored && !Plan.IsHead && ReuseRule.IsServedOnError(stored, Plan.Directives, _services.Now) ? stored : null;
        return stale is not null;
    }

    /// <summary>A HEAD's answer brings what is stored up to date, or tells that it is outdated (RFC 9111, section 4.3.5).</summary>
    private async ValueTask<FetchResult<StoredEntry>> OnHeadAsync(ExchangeAnswer answer)
    {
        Tell(new ExchangeOutcome { Live = answer.Response, Status = answer.Status, Refusal = "head" });
        _body.StopKeeping();
        if (Plan.Stored is not { } stored || answer.Status >= 500)
            return KeepNothing;
        if (Freshening.IsSameRepresentation(stored, answer.Status, answer.Headers) && !answer.Directives.NoStore)
            return Kept(_services.Factory.Freshen(stored, answer.Headers, Plan.Policy, answer.RequestTime, answer.ResponseTime));
        await _services.Store.InvalidateAsync(Plan.Resource, CancellationToken.None);
        return KeepNothing;
    }

    private FetchResult<StoredEntry>? OnNotModified(ExchangeAnswer answer, StoredResponse stored)
    {
        _body.StopKeeping();
        if (!Freshening.Selects(stored, answer.Headers) || answer.Response.Refusal is not null)
            return null;
        var fresh = _services.Factory.Freshen(stored, answer.Headers, Plan.Policy, answer.RequestTime, answer.ResponseTime);
        _services.Metrics.Validated();
        Tell(new ExchangeOutcome { Stored = fresh, Status = answer.Status });
        return Kept(fresh);
    }

    private async ValueTask<FetchResult<StoredEntry>?> OnAnswerAsync(ExchangeAnswer answer, bool isRetry, CancellationToken stop)
    {
        var refusal = Refusal(answer);
        if (Plan.IsCompleting && !isRetry && answer.Status == StatusCodes.Status206PartialContent)
            return await OnCompletionAsync(answer, refusal, stop);
        var vary = refusal is null ? VariantKey.Fields(answer.Headers, Plan.Policy.KeyHeaders) : [];
        if (refusal is null && Plan.Variants is { } variants && !variants.Takes(vary))
        {
            // By more than before: the resource begins anew, and this answer is not stored, for its fence was noted elsewhere.
            refusal = "vary-changed";
            await _services.Store.InvalidateAsync(Plan.Resource, CancellationToken.None);
        }

        if (refusal is not null)
            return OnRefused(answer, refusal);
        var epoch = Plan.Variants?.Epoch ?? (vary.Length > 0 ? VariantIndex.NewEpoch() : null);
        var head = Head(answer) with { Epoch = epoch };
        if (_services.Factory.KeptFor(head, answer.ResponseTime) <= TimeSpan.Zero)
            return OnRefused(answer, Storability.Nothing);
        Tell(new ExchangeOutcome
        {
            Live = answer.Response,
            Head = head,
            Vary = Plan.Variants?.Fields ?? vary,
            Key = Plan.Variants is null && vary.Length > 0 ? VariantKey.Of(Plan.Resource, vary, _origin.Headers) : null,
            Epoch = epoch,
            Status = answer.Status,
        });
        if (await StoreBodyAsync(answer, head, stop) is not { } body)
            return KeepNothing;
        return await KeptAsync(Whole(head with { Body = body }), vary, stop);
    }

    private StoredResponse Head(ExchangeAnswer answer)
    {
        var head = _services.Factory.Create(answer.Status, answer.Headers, answer.Directives, answer.RequestTime, answer.ResponseTime, StoredBody.Empty);
        return answer.Status == StatusCodes.Status206PartialContent ? head.Without("Content-Range") : head;
    }

    /// <summary>Why an answer is not stored; null when it is.</summary>
    private string? Refusal(ExchangeAnswer answer)
    {
        if (answer.Response.Refusal is { } known)
            return known;
        if (Plan.Directives.NoStore)
            return "request-no-store";
        if (BlamedRequest.IsOf(answer.Status, _origin.Headers))
            return BlamedRequest.Reason;
        if (Storability.Refusal(answer.Status, answer.Headers, answer.Directives, Plan.IsAuthorized) is { } refusal)
            return refusal;
        if (answer.Status == StatusCodes.Status206PartialContent && ContentRange.Parse(answer.Headers.ContentRange) is null)
            return "range";
        if (VariantKey.Fields(answer.Headers, Plan.Policy.KeyHeaders).Length > _services.Options.MostVaryFields)
            return "vary-many";
        if (SurrogateKeys.AreTooMany(SurrogateKeys.Of(StorableFields.Of(answer.Headers, []))))
            return "tags-many";
        var fits = StorableFields.Weight(StorableFields.Of(answer.Headers, [])) <= _services.Options.LargestHeader.Bytes && !(answer.Headers.ContentLength > _services.Options.LargestBody.Bytes);
        return fits ? null : HttpCacheMetrics.TooLarge;
    }

    private FetchResult<StoredEntry> OnRefused(ExchangeAnswer answer, string refusal)
    {
        _services.Metrics.NotStored(refusal, _origin.Endpoint);
        Tell(new ExchangeOutcome { Live = answer.Response, Refusal = refusal, Status = answer.Status });
        _body.StopKeeping();

        // What an error or a part says about one request says nothing about the next.
        var isTelling = answer.Status < 500 && !Plan.IsRange && !Plan.Directives.NoStore && refusal != "vary-changed" && _services.Options.HitForMiss > TimeSpan.Zero;
        return isTelling ? FetchResult<StoredEntry>.Found(StoredEntry.Unshared, options: _services.Store.Terms(StoredEntry.Unshared, _services.Options.HitForMiss) with { IsUntagged = true }) : KeepNothing;
    }

    /// <summary>Parts are put together only under the same strong validator (RFC 9111, section 3.4).</summary>
    private async ValueTask<FetchResult<StoredEntry>?> OnCompletionAsync(ExchangeAnswer answer, string? refusal, CancellationToken stop)
    {
        var stored = Plan.Stored!;
        var fits = refusal is null
            && Fields.EntityTag.AreSame(answer.Headers.ETag.ToString(), stored.EntityTag)
            && ContentRange.Parse(answer.Headers.ContentRange) is { } range
            && range.First == stored.Body.Beginning();
        if (!fits)
        {
            _body.StopKeeping();
            return null;
        }

        if (!await _body.Ended.WaitAsync(stop) || !_body.IsKept || await CombinedAsync(answer, stored, stop) is not { } combined)
            return null;
        Tell(new ExchangeOutcome { Stored = combined, Status = answer.Status });
        return Kept(combined);
    }

    private async ValueTask<StoredResponse?> CombinedAsync(ExchangeAnswer answer, StoredResponse stored, CancellationToken stop)
    {
        var range = ContentRange.Parse(answer.Headers.ContentRange)!.Value;
        var fresh = _services.Factory.Freshen(stored, answer.Headers, Plan.Policy, answer.RequestTime, answer.ResponseTime);
        var part = await PutPartAsync(range.First, _services.Factory.KeptFor(fresh, answer.ResponseTime), stop);
        return stored.Body.With(part, range.CompleteLength) is { } body ? Whole(fresh with { Body = body }) : null;
    }

    /// <summary>Parts that have come to be the whole are an answer to those who ask for the whole.</summary>
    private static StoredResponse Whole(StoredResponse response) => response.Has(ReuseRules.Partial) && response.Body.IsComplete
        ? response with { Status = StatusCodes.Status200OK, Rules = response.Rules & ~ReuseRules.Partial }
        : response;

    /// <summary>Waits for the body and stores it; null when it broke off or became too large.</summary>
    private async ValueTask<StoredBody?> StoreBodyAsync(ExchangeAnswer answer, StoredResponse head, CancellationToken stop)
    {
        try
        {
            if (!await _body.Ended.WaitAsync(stop))
                return null;
        }
        catch (OperationCanceledException)
        {
            _body.StopKeeping();
            _services.Metrics.NotStored("too-slow", _origin.Endpoint);
            return null;
        }

        if (!_body.IsKept)
        {
            _services.Metrics.NotStored(HttpCacheMetrics.TooLarge, _origin.Endpoint);
            return null;
        }

        var range = answer.Status == StatusCodes.Status206PartialContent ? ContentRange.Parse(answer.Headers.ContentRange) : null;
        var keptFor = _services.Factory.KeptFor(head, answer.ResponseTime);
        var part = await PutPartAsync(range?.First ?? 0, keptFor, stop);
        if (range is null)
            return part.Length == 0 ? StoredBody.Empty : new StoredBody([part], part.Length);
        var isSame = Plan.Stored is { } stored && Fields.EntityTag.AreSame(stored.EntityTag, head.EntityTag);
        return (isSame ? Plan.Stored!.Body.With(part, range.Value.CompleteLength) : null) ?? new StoredBody([part], range.Value.CompleteLength);
    }

    private async ValueTask<BodyPart> PutPartAsync(long offset, TimeSpan keptFor, CancellationToken stop)
    {
        var pieces = _body.TakePieces();
        BodyPart part = new(Guid.NewGuid().ToString("N"), offset, [.. pieces.Select(static piece => piece.Length)]);
        for (var n = 0; n < pieces.Count; n++)
            await _services.Store.PutPieceAsync(part.Keys[n], pieces[n], keptFor, stop);
        return part;
    }

    /// <summary>What the key keeps: the response, or where it varies, by what; the response then lies under a key of its own.</summary>
    private async ValueTask<FetchResult<StoredEntry>> KeptAsync(StoredResponse response, string[] vary, CancellationToken stop)
    {
        _services.Metrics.Stored(_origin.Endpoint);
        var language = vary is ["accept-language"] && response.Find("Content-Language") is { Length: > 0 } named ? named.ToLowerInvariant() : null;
        if (Plan.Variants is not null)
        {
            if (language is not null && !Plan.Variants.Languages.Any(one => one.Key == language))
                await _services.Languages.AddAsync(Plan.Resource, Plan.Variants.Epoch, language, Plan.Key);
            return Kept(response);
        }

        if (vary.Length == 0)
            return Kept(response);
        var key = VariantKey.Of(Plan.Resource, vary, _origin.Headers);
        await _services.Store.PutAsync(key, StoredEntry.Of(response), _services.Factory.KeptFor(response, response.ResponseTime), stop);

        // Under the variant's tags, too: noted before the fetch, where those of the variant are noted now.
        var variants = StoredEntry.Of(new VariantIndex(response.Epoch!, vary, language is null ? [] : [new(language, key)]));
        return FetchResult<StoredEntry>.Found(variants, options: _services.Store.Terms(variants, _services.Options.LongestKept) with { Tags = SurrogateKeys.Of(response.Fields) });
    }

    private FetchResult<StoredEntry> Kept(StoredResponse response)
    {
        var keptFor = _services.Factory.KeptFor(response, response.ResponseTime);
        if (keptFor <= TimeSpan.Zero)
            return KeepNothing;
        var entry = StoredEntry.Of(response);
        return FetchResult<StoredEntry>.Found(entry, options: _services.Store.Terms(entry, keptFor));
    }

    private static FetchResult<StoredEntry> KeepNothing { get; } =
        FetchResult<StoredEntry>.Found(StoredEntry.Unshared, options: ResponseStore.LeavingStored);
}
