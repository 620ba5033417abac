using TenantPlatform.FaultRuns.Faults;
using TenantPlatform.FaultRuns.Protocol;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>The builds that are broken on purpose, and the faults under which each shows.</summary>
internal static class Mutants
{
    /// <summary>Made by TenantManager.Client, in every build, in the Development environment only.</summary>
    private static readonly Dictionary<string, string[]> OfTheClient = new(StringComparer.Ordinal)
    {
        ["no-revalidation"] = ["events-dropped"],
        ["ignore-denial"] = ["events-dropped"],
    };

    /// <summary>Made by Cache.Core (Mutant.cs), in a build of its own; with the profile of the protocol's runs that shows it.</summary>
    private static readonly Dictionary<string, ProtocolProfile> OfTheCache = new(StringComparer.Ordinal)
    {
        ["no-fence"] = ProtocolProfile.Mixed,
        ["counter-instead-of-token"] = ProtocolProfile.Flushes,
        ["no-epoch"] = ProtocolProfile.Echoes,
        ["l2-fill-without-epoch"] = ProtocolProfile.Echoes,
        ["epoch-only-before-l2"] = ProtocolProfile.Unfenced,
        ["join-overtaken-flight"] = ProtocolProfile.Mixed,
        ["no-flush"] = ProtocolProfile.Mixed,
        ["proof-noted-at-fill"] = ProtocolProfile.Reconnects,
        ["no-lease"] = ProtocolProfile.Mixed,
        ["echo-counted"] = ProtocolProfile.Echoes,
        ["stale-after-denial"] = ProtocolProfile.Mixed,
        ["tombstone-without-revision"] = ProtocolProfile.Mixed,
        ["revision-evicted"] = ProtocolProfile.Mixed,
        ["answer-unchecked"] = ProtocolProfile.Overtaken,
        ["older-entry-kept"] = ProtocolProfile.Mixed,
    };

    public static IReadOnlyCollection<string> Names => [.. OfTheClient.Keys, .. OfTheCache.Keys];

    /// <summary>Whether only a build with the cache's switches can do it.</summary>
    public static bool NeedsItsOwnBuild(string mutant) => OfTheCache.ContainsKey(mutant);

    /// <summary>The faults of the platform to run under: those that show the mutant, or all.</summary>
    public static IReadOnlyList<Fault> Faults(string? mutant) =>
        mutant is not null && OfTheClient.TryGetValue(mutant, out var faults) ? [.. faults.Select(FaultCatalog.Named)] : FaultCatalog.All;

    /// <summary>The profiles of the protocol to run: the one that shows the mutant, or all.</summary>
    public static IReadOnlyList<ProtocolProfile> Profiles(string? mutant) =>
        mutant is not null && OfTheCache.TryGetValue(mutant, out var profile) ? [profile] : ProtocolProfile.All;
}
