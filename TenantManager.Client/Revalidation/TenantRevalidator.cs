using Cache.Core;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>Asks the tenant-manager, past both tiers, whether a connected tenant is still to be served, and acts on the answer (A7).</summary>
internal sealed partial class TenantRevalidator(
    TenantConfigClient configs, TenantPools pools, Revocations revocations, TenantManagerClientOptions options, TimeProvider time, ILogger<TenantRevalidator> logger)
{
    private long _lastAnswer;

    /// <summary>When the tenant-manager last answered about a connected tenant; null: not yet.</summary>
    public DateTimeOffset? LastAnswer => Volatile.Read(ref _lastAnswer) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public async Task RevalidateAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        using var span = ClientDiagnostics.Source.StartActivity("tenant.revalidate")?.SetTag("tenant.id", tenant.Value);
        using var limit = new CancellationTokenSource(options.RevalidationTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var closings = pools.NoteClosings(tenant);
        var pool = pools.Find(tenant);
        var connectedBy = pool?.Revision;
        var revoked = revocations.Note(tenant);
        try
        {
            var lookup = await configs.GetTenantConfigAsync(tenant, options.ServiceName, skipCache: true, either.Token).ConfigureAwait(false);
            if (lookup.Outcome == FetchOutcome.Found)
            {
                revocations.Lift(tenant, revoked);
                if (connectedBy > lookup.Value!.Revision)
                {
                    // The cache goes back on no revision that the tenant-manager has given: somebody wrote that one into L2.
                    var stays = await pools.WithdrawAsync(tenant, connectedBy.Value, lookup.Value).ConfigureAwait(false);
                    LogNeverGiven(tenant.Value, connectedBy.Value, stays ? "its database is the same" : "its next request connects anew");
                }

                await pools.ApplyAsync(tenant, lookup.Value!, closings, either.Token).ConfigureAwait(false);

                // Of no other pool than was there before the question: the feed may have told of a change before that one was there.
                // And what could not be swapped has another revision, and is tried again.
                if (lookup is { Source: CacheSource.Fetch, Value.Revision: { } told })
                    pool?.Settle(told);
            }
            else
            {
                await RevokeAsync(tenant, lookup.Outcome).ConfigureAwait(false);
                LogRevoked(tenant.Value, lookup.Result.Status ?? lookup.Outcome.ToString());
            }

            if (lookup.Source == CacheSource.Fetch)
                Volatile.Write(ref _lastAnswer, time.GetUtcNow().UtcTicks);
            ClientDiagnostics.Revalidated(lookup.Outcome.ToString().ToLowerInvariant());
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is TenantManagerUnavailableException or OperationCanceledException or TimeoutException)
        {
            // OutageServes: no answer is no reason to stop serving.
            ClientDiagnostics.Revalidated("failed");
            LogFailed(tenant.Value, exception.Message);
        }
    }

    /// <summary>
    /// Does what an answer other than "found" asks for. Both tiers are cleared already, the answer did that; the note of the
    /// revocation sees to it that nothing left in one of them is used again.
    /// </summary>
    public ValueTask RevokeAsync(TenantId tenant, FetchOutcome outcome)
    {
        // Unknown tenants without a pool are not remembered: anybody may ask for any id.
        var isConnected = pools.IsConnected(tenant);
        if (outcome == FetchOutcome.Denied || isConnected)
            revocations.Add(tenant);
        return isConnected || outcome == FetchOutcome.Denied ? pools.DenyAsync(tenant) : ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tenant {Tenant} is not to be served any more ({Reason})")]
    private partial void LogRevoked(string tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenant {Tenant} was connected by revision {Revision}, which the tenant-manager has never given; {Consequence}")]
    private partial void LogNeverGiven(string tenant, long revision, string consequence);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Tenant {Tenant} could not be revalidated; it is served on: {Reason}")]
    private partial void LogFailed(string tenant, string reason);
}
