namespace Cache.Core;

/// <summary>
/// Rules of the protocol (docs/protocol.md) that a test build can do without, one at a time: <c>eng/check-mutants</c> proves by
/// it that the race tests notice. In every other build each is a constant false, and costs nothing.
/// </summary>
internal static class Mutant
{
#if MUTANTS
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal);
    private static readonly string Chosen = Environment.GetEnvironmentVariable("CACHE_MUTANT") ?? string.Empty;

    public static readonly bool NoFence = Is("no-fence");
    public static readonly bool CounterInsteadOfToken = Is("counter-instead-of-token");
    public static readonly bool NoEpoch = Is("no-epoch");
    public static readonly bool L2FillWithoutEpoch = Is("l2-fill-without-epoch");
    public static readonly bool EpochOnlyBeforeL2 = Is("epoch-only-before-l2");
    public static readonly bool JoinOvertakenFlight = Is("join-overtaken-flight");
    public static readonly bool NoFlush = Is("no-flush");
    public static readonly bool ProofNotedAtFill = Is("proof-noted-at-fill");
    public static readonly bool NoLease = Is("no-lease");
    public static readonly bool EchoCounted = Is("echo-counted");
    public static readonly bool StaleAfterDenial = Is("stale-after-denial");
    public static readonly bool TombstoneWithoutRevision = Is("tombstone-without-revision");
    public static readonly bool RevisionEvicted = Is("revision-evicted");
    public static readonly bool AnswerUnchecked = Is("answer-unchecked");
    public static readonly bool OlderEntryKept = Is("older-entry-kept");

    static Mutant()
    {
        if (Chosen.Length == 0 || Known.Contains(Chosen))
            return;
        Console.Error.WriteLine($"CACHE_MUTANT is '{Chosen}'; expected nothing or one of: {string.Join(", ", Known)}.");
        Environment.Exit(2);
    }

    private static bool Is(string name)
    {
        Known.Add(name);
        return Chosen == name;
    }
#else
    public const bool NoFence = false;
    public const bool CounterInsteadOfToken = false;
    public const bool NoEpoch = false;
    public const bool L2FillWithoutEpoch = false;
    public const bool EpochOnlyBeforeL2 = false;
    public const bool JoinOvertakenFlight = false;
    public const bool NoFlush = false;
    public const bool ProofNotedAtFill = false;
    public const bool NoLease = false;
    public const bool EchoCounted = false;
    public const bool StaleAfterDenial = false;
    public const bool TombstoneWithoutRevision = false;
    public const bool RevisionEvicted = false;
    public const bool AnswerUnchecked = false;
    public const bool OlderEntryKept = false;
#endif
}
