using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Revalidation;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Client.Middleware;

/// <summary>
/// Lets requests through whose tenant is to be served, by the same token, configuration and revocations as <see cref="TenantResolution"/>,
/// for who serves tenants without their databases.
/// </summary>
internal sealed partial class TenantAdmission(
    RequestDelegate next,
    TenantManagerClientOptions options,
    TokenVerifier verifier,
    TenantConfigClient configs,
    TenantRevalidator revalidator,
    Revocations revocations,
    AdmittedTenants admitted,
    ILogger<TenantAdmission> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequireTenantMetadata>() is null)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var (tenant, refusal, invalid, undecided) = options.Enabled
            ? await TenantIdentification.OfAsync(context, verifier).ConfigureAwait(false)
            : new TenantIdentification(default, Refusal.Unavailable);
        if (invalid is not null)
            LogInvalidToken(invalid);
        if (undecided is not null)
            LogUndecided(undecided);
        refusal ??= await RefusalOfAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        if (refusal is not null)
        {
            await refusal.WriteAsync(context).ConfigureAwait(false);
            return;
        }

        context.Features.Set(new AdmittedTenant(tenant));
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            await AdmittedRead.ServeAsync(context, next, tenant, revocations).ConfigureAwait(false);
        else
            await next(context).ConfigureAwait(false);
    }

    private async ValueTask<Refusal?> RefusalOfAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            var revoked = revocations.Note(tenant);
            var lookup = revoked == 0
                ? await configs.GetTenantConfigAsync(tenant, options.ServiceName, skipCache: false, cancellationToken).ConfigureAwait(false)
                : await configs.RecheckTenantConfigAsync(tenant, options.ServiceName, cancellationToken).ConfigureAwait(false);
            if (lookup.Outcome == FetchOutcome.Found)
            {
                revocations.Lift(tenant, revoked);
                admitted.Note(tenant, lookup.Source);
                return null;
            }

            await revalidator.RevokeAsync(tenant, lookup.Outcome).ConfigureAwait(false);
            return lookup.Outcome == FetchOutcome.NotFound ? Refusal.UnknownTenant : Refusal.Denied(lookup.Result.Status);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is TenantManagerUnavailableException or CacheUnavailableException or TimeoutException)
        {
            // RevocationWins: nobody could say whether a revoked tenant is served again, so the last that was known of it holds.
            LogFailed(tenant.Value, exception.Message);
            return revocations.Note(tenant) != 0 ? Refusal.Denied(status: null) : Refusal.Unavailable;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused a bearer token: {Reason}")]
    private partial void LogInvalidToken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A bearer token cannot be verified: {Reason}. See AUTH_AUTHORITY")]
    private partial void LogUndecided(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant} could not be admitted: {Reason}")]
    private partial void LogFailed(string tenant, string reason);
}
