using TenantPlatform.FaultRuns.Faults;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>The builds that are broken on purpose, and the faults under which each shows.</summary>
internal static class Mutants
{
    // Slow calls are overtaken by changes.
    private static readonly string[] Slow = ["link-slow-tenant-manager", "link-slow-valkey"];

    // Pushes and events are lost with their connections.
    private static readonly string[] Deaf = ["link-cut-valkey", "valkey-client-kill", "link-half-open-valkey"];

    // What Valkey knew is gone or wrong while the source can still tell.
    private static readonly string[] Forgetful = ["valkey-flushall", "valkey-kill-empty", "l2-garbage"];

    // The source does not answer after a denial.
    private static readonly string[] Speechless = ["link-cut-tenant-manager", "link-reset-tenant-manager"];

    /// <summary>Made by TenantManager.Client, in every build, in the Development environment only.</summary>
    private static readonly Dictionary<string, string[]> OfTheClient = new(StringComparer.Ordinal)
    {
        ["no-revalidation"] = ["events-dropped"],
        ["ignore-denial"] = ["events-dropped"],
    };

    /// <summary>Made by Cache.Core (Mutant.cs), in a build of its own.</summary>
    private static readonly Dictionary<string, string[]> OfTheCache = new(StringComparer.Ordinal)
    {
        ["no-fence"] = Slow,
        ["counter-instead-of-token"] = [.. Forgetful, .. Slow],
        ["no-epoch"] = Slow,
        ["l2-fill-without-epoch"] = Slow,
        ["epoch-only-before-l2"] = Slow,
        ["join-overtaken-flight"] = Slow,
        ["no-flush"] = Deaf,
        ["proof-noted-at-fill"] = [.. Deaf, .. Slow],
        ["no-lease"] = Deaf,
        ["echo-counted"] = Slow,
        ["stale-after-denial"] = Speechless,
        ["tombstone-without-revision"] = [.. Forgetful, .. Slow],
        ["revision-evicted"] = [.. Forgetful, .. Slow],
        ["answer-unchecked"] = Slow,
        ["older-entry-kept"] = Slow,
    };

    public static IReadOnlyCollection<string> Names => [.. OfTheClient.Keys, .. OfTheCache.Keys];

    /// <summary>Whether only a build with the cache's switches can do it.</summary>
    public static bool NeedsItsOwnBuild(string mutant) => OfTheCache.ContainsKey(mutant);

    /// <summary>The faults to run under: those that show the mutant, or all without one.</summary>
    public static IReadOnlyList<Fault> Faults(string? mutant) => mutant is null
        ? FaultCatalog.All
        : [.. (OfTheClient.GetValueOrDefault(mutant) ?? OfTheCache[mutant]).Select(FaultCatalog.Named)];
}
