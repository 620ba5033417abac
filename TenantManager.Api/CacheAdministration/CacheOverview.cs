using Cache.Core.Valkey;
using TenantManager.Api.Pods;

namespace TenantManager.Api.CacheAdministration;

/// <summary>What the tiers hold: by primary, by service, summed.</summary>
internal sealed record CacheOverview(IReadOnlyList<ServerStatistics> Primaries, IReadOnlyList<PodGroup> Services, PodGroup Total);
