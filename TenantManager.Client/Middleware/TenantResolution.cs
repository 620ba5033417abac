using System.Diagnostics;
using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Client.Revalidation;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Client.Middleware;

/// <summary>
/// Finds the tenant of a request: its token, its configuration, its database. Runs before the endpoint reads the body,
/// and keeps the database's pool open until the request has ended.
/// </summary>
internal sealed partial class TenantResolution
{
    /// <summary>How often a request starts over because its tenant was closed between look-up and rent.</summary>
    private const int Attempts = 3;

    private readonly RequestDelegate _next;
    private readonly TenantManagerClientOptions _options;
    private readonly TokenVerifier _verifier;
    private readonly TenantConfigClient _configs;
    private readonly TenantPools _pools;
    private readonly TenantRevalidator _revalidator;
    private readonly Revocations _revocations;
    private readonly bool _tellsBasis;
    private readonly ILogger<TenantResolution> _logger;

    public TenantResolution(
        RequestDelegate next,
        TenantManagerClientOptions options,
        TokenVerificationOptions tokens,
        TokenVerifier verifier,
        TenantConfigClient configs,
        TenantPools pools,
        TenantRevalidator revalidator,
        Revocations revocations,
        IHostEnvironment environment,
        ILogger<TenantResolution> logger)
    {
        _next = next;
        _options = options;
        _verifier = verifier;
        _configs = configs;
        _pools = pools;
        _revalidator = revalidator;
        _revocations = revocations;
        _tellsBasis = environment.IsDevelopment();
        _logger = logger;
        if (tokens.AllowUnsigned)
            LogUnsigned();
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequireTenantMetadata>() is null)
        {
            await _next(context).ConfigureAwait(false);
            return;
        }

        var (tenant, refusal) = _options.Enabled ? await IdentifyAsync(context).ConfigureAwait(false) : (default, Refusal.Unavailable);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context).ConfigureAwait(false);
            return;
        }

        using var scope = _logger.BeginScope(new[] { KeyValuePair.Create<string, object?>("tenant.id", tenant.Value) });
        var (resolved, lease, refused) = TryResolve(tenant, context.Response) is { } held
            ? (held.Context, held.Lease, null)
            : await ResolveAsync(tenant, context.Response, context.RequestAborted).ConfigureAwait(false);
        if (refused is not null)
        {
            await refused.WriteAsync(context).ConfigureAwait(false);
            return;
        }

        await using (lease!.ConfigureAwait(false))
        {
            context.Features.Set(resolved);
            if (await BoundedRequest.ServeAsync(context, _next, lease!).ConfigureAwait(false))
                LogCut(tenant.Value, _options.DenialGracePeriod.TotalSeconds);
        }
    }

    private async ValueTask<(TenantId Tenant, Refusal? Refusal)> IdentifyAsync(HttpContext context)
    {
        var (tenant, refusal, invalid, undecided) = await TenantIdentification.OfAsync(context, _verifier).ConfigureAwait(false);
        if (invalid is not null)
            LogInvalidToken(invalid);
        if (undecided is not null)
            LogUndecided(undecided);
        return (tenant, refusal);
    }

    /// <summary>
    /// What nearly every request needs: this process holds the configuration and the pool is open. Nothing is waited for, so it has no
    /// span of its own either, which would cost as much as all of it: the request's says the same.
    /// </summary>
    /// <returns>Null when it takes more than that.</returns>
    private (TenantContext Context, PoolLease Lease)? TryResolve(TenantId tenant, HttpResponse response)
    {
        var closings = _pools.NoteClosings(tenant);
        if (_revocations.Note(tenant) != 0
            || !_configs.TryHit(tenant, _options.ServiceName, out var lookup)
            || _pools.TryRent(tenant, lookup.Value!, closings) is not { } lease)
            return null;
        Activity.Current?.SetTag("tenant.id", tenant.Value).SetTag("tenant.config.source", "l1");
        if (_tellsBasis)
            AnswerBasis.Write(response, lookup);
        return (new TenantContext(tenant, lookup.Value!, lease.Database), lease);
    }

    private async Task<(TenantContext? Context, PoolLease? Lease, Refusal? Refusal)> ResolveAsync(
        TenantId tenant, HttpResponse response, CancellationToken cancellationToken)
    {
        using var span = ClientDiagnostics.Source.StartActivity("tenant.resolve")?.SetTag("tenant.id", tenant.Value);
        TenantDatabaseUnavailableException? doubt = null;
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var closings = _pools.NoteClosings(tenant);
                var revoked = _revocations.Note(tenant);
                var looking = revoked == 0
                    ? _configs.GetTenantConfigAsync(tenant, _options.ServiceName, skipCache: doubt is not null, cancellationToken)
                    : _configs.RecheckTenantConfigAsync(tenant, _options.ServiceName, cancellationToken);
                var lookup = await looking.ConfigureAwait(false);
                span?.SetTag("tenant.config.source", lookup.Source.ToString().ToLowerInvariant());
                if (_tellsBasis)
                    AnswerBasis.Write(response, lookup);
                if (lookup.Outcome != FetchOutcome.Found)
                {
                    await _revalidator.RevokeAsync(tenant, lookup.Outcome).ConfigureAwait(false);
                    return (null, null, lookup.Outcome == FetchOutcome.NotFound ? Refusal.UnknownTenant : Refusal.Denied(lookup.Result.Status));
                }

                _revocations.Lift(tenant, revoked);
                try
                {
                    if (await _pools.RentAsync(tenant, lookup.Value!, closings, cancellationToken).ConfigureAwait(false) is { } lease)
                        return (new TenantContext(tenant, lookup.Value!, lease.Database), lease, null);
                }
                catch (TenantDatabaseUnavailableException exception) when (lookup.Source != CacheSource.Fetch && _pools.MayDoubt(tenant))
                {
                    // What a cache has may be older than the database's credentials: a Valkey that came back with old data, or rubbish.
                    // Nobody revalidates a tenant that is not connected, so it would be refused until the entry expires.
                    doubt = exception;
                }
            }

            return (null, null, Refusal.Unavailable);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is TenantDatabaseUnavailableException or TenantManagerUnavailableException or CacheUnavailableException or TimeoutException)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            LogFailed(tenant.Value, exception.Message);
            return (null, null, WhenUnavailable(tenant, doubt ?? exception, response));
        }
        catch (Exception exception)
        {
            // Its message is not ours: it may quote what must not be logged.
            span?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            LogFailed(tenant.Value, exception.GetType().Name);
            return (null, null, Refusal.Failed);
        }
    }

    // RevocationWins: nobody could say whether a revoked tenant is served again, so the last that was known of it holds.
    private Refusal WhenUnavailable(TenantId tenant, Exception exception, HttpResponse response)
    {
        if (_revocations.Note(tenant) != 0)
        {
            AnswerBasis.Withdraw(response);
            return Refusal.Denied(status: null);
        }

        return exception is TenantDatabaseUnavailableException or TenantManagerUnavailableException { IsBreakerOpen: true }
            ? Refusal.Unavailable
            : Refusal.Failed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused a bearer token: {Reason}")]
    private partial void LogInvalidToken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A bearer token cannot be verified: {Reason}. See AUTH_AUTHORITY")]
    private partial void LogUndecided(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant} could not be resolved: {Reason}")]
    private partial void LogFailed(string tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request of tenant {Tenant} was cut: it still ran {Seconds} s after the tenant was denied")]
    private partial void LogCut(string tenant, double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "AUTH_ALLOW_UNSIGNED is on: ANYBODY CAN POSE AS ANY TENANT. For local development only")]
    private partial void LogUnsigned();
}
