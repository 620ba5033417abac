using TenantPlatform.FaultRuns.Faults;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>The builds that are broken on purpose, and the faults under which each shows.</summary>
internal static class Mutants
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        // Made by TenantManager.Client.
        ["no-revalidation"] = ["events-dropped"],
        ["ignore-denial"] = ["events-dropped"],

        // Made by Cache.Core.
        ["no-fence"] = ["link-slow-tenant-manager", "link-slow-valkey"],
        ["no-epoch"] = ["link-slow-tenant-manager", "link-slow-valkey"],
        ["no-flush"] = ["link-cut-valkey", "valkey-client-kill", "events-dropped"],
        ["stale-after-denial"] = ["link-cut-tenant-manager", "link-reset-tenant-manager"],
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The faults to run under: those that show the mutant, or all without one.</summary>
    public static IReadOnlyList<Fault> Faults(string? mutant) => mutant is null ? FaultCatalog.All : [.. Known[mutant].Select(FaultCatalog.Named)];
}
