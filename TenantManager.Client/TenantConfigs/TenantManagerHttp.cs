using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Cache.Core;
using Polly;
using Polly.Retry;
using TenantManager.Client.Configuration;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Reference;

namespace TenantManager.Client.TenantConfigs;

/// <summary>The tenant-manager's reading calls over HTTP: retried when transient, behind a breaker, bounded in time and size.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class TenantManagerHttp
{
    /// <summary>The named <see cref="HttpClient"/> that carries the calls.</summary>
    public const string ClientName = "tenant-manager";

    private const int MaxBodyBytes = 10 * 1024 * 1024;

    private readonly IHttpClientFactory _clients;
    private readonly TenantManagerClientOptions _options;
    private readonly Mutant? _mutant;
    private readonly TimeProvider _time;
    private readonly ConsecutiveBreaker _breaker;
    private readonly ResiliencePipeline<Answer> _retry;
    private readonly ConfigAnswers _answers;

    public TenantManagerHttp(IHttpClientFactory clients, TenantManagerClientOptions options, TimeProvider time, Mutant? mutant = null)
    {
        _clients = clients;
        _options = options;
        _mutant = mutant;
        _time = time;
        _answers = new ConfigAnswers(options.MaxTenantPools);
        _breaker = new ConsecutiveBreaker(options.BreakerThreshold, options.BreakerTimeout, time);
        _retry = new ResiliencePipelineBuilder<Answer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Answer>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(50),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<Answer>().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutException>().HandleResult(answer => answer.IsFailure),
            })
            .Build();
    }

    /// <summary>A tenant's configuration for a service.</summary>
    /// <exception cref="TenantManagerUnavailableException">No usable answer.</exception>
    public async ValueTask<FetchResult<TenantConfig>> GetConfigAsync(TenantId tenant, string service, bool skipCache, CancellationToken cancellationToken)
    {
        // Only who asks again and again has use for what was answered last; a 304 then means what that answer meant.
        var before = skipCache ? _answers.Find(tenant, service) : null;
        var answer = await SendAsync($"v1/tenants/{tenant}/associations/{service}/connections", skipCache, before?.Tag, cancellationToken).ConfigureAwait(false);
        if (skipCache && answer.Status is not (HttpStatusCode.OK or HttpStatusCode.NotModified))
            _answers.Forget(tenant, service);
        switch (answer.Status)
        {
            case HttpStatusCode.NotModified when before is not null:
                ClientDiagnostics.Unchanged();
                return FetchResult<TenantConfig>.Found(before.Config, before.Config.Revision);
            case HttpStatusCode.OK:
                var config = Read<TenantConfig>(answer);
                if (!TenantId.TryParse(config.Id, out var id) || id != tenant)
                    throw new TenantManagerUnavailableException("The tenant-manager answered with another tenant's configuration.");
                if (skipCache)
                    _answers.Remember(tenant, service, answer.Tag, config);
                return FetchResult<TenantConfig>.Found(config, config.Revision);
            case HttpStatusCode.NotFound:
                return FetchResult<TenantConfig>.NotFound();
            case HttpStatusCode.Forbidden when _mutant is { IsDenialAFailure: true }:
                throw new TenantManagerUnavailableException("The tenant-manager refused, which this mutant takes for a failure.");
            case HttpStatusCode.Forbidden:
                var denial = Denial.Read(answer.Body);
                return FetchResult<TenantConfig>.Denied(denial.Status, denial.Revision);
            default:
                throw Unexpected(answer);
        }
    }

    /// <summary>What the tenant-manager has answered last about a tenant that is asked about past the caches; null when that is not known.</summary>
    public TenantConfig? Answered(TenantId tenant, string service) => _answers.Find(tenant, service)?.Config;

    /// <summary>The tenants that are active for a service.</summary>
    /// <exception cref="TenantManagerUnavailableException">No usable answer.</exception>
    public async ValueTask<IReadOnlyList<ActiveTenant>> GetActiveTenantsAsync(string service, CancellationToken cancellationToken)
    {
        var answer = await SendAsync($"v1/tenants/active?service={Uri.EscapeDataString(service)}", skipCache: false, knownTag: null, cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.OK ? Read<IReadOnlyList<ActiveTenant>>(answer) : throw Unexpected(answer);
    }

    /// <summary>A tenant with its metadata; null when it is unknown.</summary>
    /// <exception cref="TenantManagerUnavailableException">No usable answer.</exception>
    public async ValueTask<TenantDetails?> GetTenantAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var answer = await SendAsync($"v1/tenants/{tenant}", skipCache: false, knownTag: null, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            HttpStatusCode.OK => Read<TenantDetails>(answer),
            HttpStatusCode.NotFound => null,
            _ => throw Unexpected(answer),
        };
    }

    /// <summary>Reference data of a kind; null where there is none, as with Go's tenant-manager.</summary>
    /// <exception cref="TenantManagerUnavailableException">No usable answer.</exception>
    public async ValueTask<ReferenceSet?> GetReferenceAsync(ReferenceKind kind, CancellationToken cancellationToken)
    {
        var answer = await SendAsync($"v1/reference/{kind.Name}", skipCache: false, knownTag: null, cancellationToken).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        var set = answer.Status == HttpStatusCode.OK ? Read<ReferenceSet>(answer) : throw Unexpected(answer);
        return set.Revision > 0 && set.IsOf(kind.Name) ? set : throw new TenantManagerUnavailableException("The tenant-manager answered with other reference data.");
    }

    /// <summary>
    /// What has changed since a cursor; null where there is no feed, as with Go's tenant-manager. Asked once, and whatever the breaker
    /// says: a question that waits for a change is no measure of the other calls.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="since">The cursor; null for the beginning.</param>
    /// <param name="wait">How long the tenant-manager may wait for a change.</param>
    /// <param name="limit">The bound on the call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TenantManagerUnavailableException">No usable answer.</exception>
    public async ValueTask<ChangePage?> GetChangesAsync(string service, string? since, TimeSpan wait, TimeSpan limit, CancellationToken cancellationToken)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture, $"{ChangeFeed.Path[1..]}?service={Uri.EscapeDataString(service)}&wait={wait.TotalSeconds:0.###}&limit={ChangeFeed.LongestPage}");

        // It mostly waits, and no request asked for it: no trace that anybody looks for.
        using var untraced = new Activity("tenant.feed.ask").Start();
        using var limited = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
        try
        {
            var answer = await AttemptAsync(since is null ? query : $"{query}&since={Uri.EscapeDataString(since)}", skipCache: false, knownTag: null, either.Token)
                .ConfigureAwait(false);
            if (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
                return null;
            var page = answer.Status == HttpStatusCode.OK ? Read<ChangePage>(answer) : throw Unexpected(answer);
            return page is { Cursor: not null, Changes: not null } ? page : throw new TenantManagerUnavailableException("The tenant-manager's answer cannot be read.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TenantManagerUnavailableException($"The tenant-manager did not answer ({Describe(exception, limited.IsCancellationRequested)}).", innerException: exception);
        }
    }

    private async ValueTask<Answer> SendAsync(string path, bool skipCache, string? knownTag, CancellationToken cancellationToken)
    {
        if (!_breaker.TryEnter())
            throw new TenantManagerUnavailableException("The tenant-manager has been failing and is given a rest.", isBreakerOpen: true);
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var answer = await _retry.ExecuteAsync(
                static (call, stop) => call.Http.BoundedAttemptAsync(call.Path, call.SkipCache, call.KnownTag, stop),
                (Http: this, Path: path, SkipCache: skipCache, KnownTag: knownTag),
                either.Token).ConfigureAwait(false);
            if (answer.IsFailure)
                _breaker.Failed();
            else
                _breaker.Answered();
            return answer;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or TimeoutException)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _breaker.Abandoned();
                throw;
            }

            _breaker.Failed();
            throw new TenantManagerUnavailableException($"The tenant-manager did not answer ({Describe(exception, limit.IsCancellationRequested)}).", innerException: exception);
        }
        catch
        {
            // Whatever happened, a probe must not be left hanging: the breaker would never close again.
            _breaker.Abandoned();
            throw;
        }
    }

    /// <summary>
    /// One attempt, within its own bound. A connection that was lost in silence never answers, and there may be many of them in the
    /// pool: without a bound, a call that picks one of them waits for all of its time.
    /// </summary>
    /// <exception cref="TimeoutException">There was no answer in time; the connection is closed.</exception>
    private async ValueTask<Answer> BoundedAttemptAsync(string path, bool skipCache, string? knownTag, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.AttemptTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await AttemptAsync(path, skipCache, knownTag, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The attempt was not answered in time.", exception);
        }
    }

    private async ValueTask<Answer> AttemptAsync(string path, bool skipCache, string? knownTag, CancellationToken cancellationToken)
    {
        using var client = _clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_options.Address!, path));
        request.Headers.Add(WireHeaders.ApiKey, _options.ApiKey);
        if (skipCache)
            request.Headers.CacheControl = new() { NoCache = true };
        if (knownTag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", knownTag);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentLength > MaxBodyBytes)
            throw TooLong();
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBodyBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw TooLong();
        }

        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), response.Headers.ETag?.ToString());
    }

    private static TenantManagerUnavailableException TooLong() => new($"The tenant-manager's answer is longer than {MaxBodyBytes / (1024 * 1024)} MB.");

    private static string Describe(Exception exception, bool tookTooLong) => exception switch
    {
        TimeoutException => "timed out",
        _ when tookTooLong => "timed out",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } failed => failed.HttpRequestError.ToString(),
        _ => exception.GetType().Name,
    };

    private static T Read<T>(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Body, ContractJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            // Without the cause: its message may quote the body, which holds passwords.
            throw new TenantManagerUnavailableException("The tenant-manager's answer cannot be read.");
        }
    }

    private static TenantManagerUnavailableException Unexpected(Answer answer) =>
        new($"The tenant-manager answered {(int)answer.Status}{(answer.Status == HttpStatusCode.Unauthorized ? ": check MULTI_TENANT_SERVICE_API_KEY" : string.Empty)}.");

    private readonly record struct Answer(HttpStatusCode Status, byte[] Body, string? Tag)
    {
        public bool IsFailure => (int)Status >= 500;
    }
}
