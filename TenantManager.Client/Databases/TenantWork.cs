using Cache.Core;
using Npgsql;
using TenantManager.Client.Configuration;
using TenantManager.Client.Revalidation;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;

namespace TenantManager.Client.Databases;

/// <summary>
/// Work in tenants' databases that no request asked for, by the rules that requests are under: a tenant that is not to be served is
/// left alone, the pool stays open meanwhile, and a denial ends what still runs after its grace period.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class TenantWork
{
    /// <summary>How often it starts over because the tenant was closed between look-up and rent.</summary>
    private const int Attempts = 3;

    private readonly TenantManagerClientOptions _options;
    private readonly TenantConfigClient _configs;
    private readonly TenantPools _pools;
    private readonly TenantRevalidator _revalidator;
    private readonly Revocations _revocations;

    internal TenantWork(TenantManagerClientOptions options, TenantConfigClient configs, TenantPools pools, TenantRevalidator revalidator, Revocations revocations) =>
        (_options, _configs, _pools, _revalidator, _revocations) = (options, configs, pools, revalidator, revocations);

    /// <summary>Does something in a tenant's database.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="work">What to do; its token ends when the caller's does, or when the tenant is denied and its grace period is over.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it was done: false when the tenant is unknown here, or not to be served.</returns>
    /// <exception cref="TenantManagerUnavailableException">Nothing is known of the tenant and the tenant-manager does not answer.</exception>
    /// <exception cref="TenantDatabaseUnavailableException">The database cannot be used.</exception>
    public async Task<bool> TryRunAsync(TenantId tenant, Func<NpgsqlDataSource, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var closings = _pools.NoteClosings(tenant);
            var revoked = _revocations.Note(tenant);
            var looking = revoked == 0
                ? _configs.GetTenantConfigAsync(tenant, _options.ServiceName, skipCache: false, cancellationToken)
                : _configs.RecheckTenantConfigAsync(tenant, _options.ServiceName, cancellationToken);
            var lookup = await looking.ConfigureAwait(false);
            if (lookup.Outcome != FetchOutcome.Found)
            {
                await _revalidator.RevokeAsync(tenant, lookup.Outcome).ConfigureAwait(false);
                return false;
            }

            _revocations.Lift(tenant, revoked);
            if (await _pools.RentAsync(tenant, lookup.Value!, closings, cancellationToken).ConfigureAwait(false) is not { } lease)
                continue;
            await using (lease.ConfigureAwait(false))
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Cut);
                await work(lease.Database, either.Token).ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }
}
