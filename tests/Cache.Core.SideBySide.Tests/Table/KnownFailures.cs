using System.Collections.Frozen;
using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>What is known not to hold. A name that is no case's is an error.</summary>
internal static class KnownFailures
{
    /// <summary>
    /// Not run for Cache.Core while Valkey is away or connecting: they need L1 to keep what this process has written or fetched itself
    /// for longer than the coherence lease.
    /// </summary>
    private static readonly FrozenSet<string> Awaiting = new[]
    {
        "A hundred keys are kept apart",
        "Keys may hold spaces, signs and any letters",
        "RemoveByTagAsync removes what carries the tag, and nothing else",
        "Several keys are removed in one call, and no other",
        "What is changed after it was set does not show",
        "What is set replaces what was there",
        "What is set wins against a factory that is running",
        "What was set is found",
        "Who asks whether a key is there while its factory runs is told that it is not, and waits for nobody",
        "Zero, false and the empty text are values",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly ILookup<string, Failure> All = MicrosoftFailures.All.Concat(FusionCacheFailures.All)
        .ToLookup(known => known.Case, known => known.Failure, StringComparer.Ordinal);

    /// <summary>Every name that is written down here.</summary>
    public static IEnumerable<string> Names => Awaiting.Concat(All.Select(known => known.Key));

    public static IReadOnlyList<Failure> Of(string name) => [.. All[name]];

    public static Condition AwaitedBy(string name) => Awaiting.Contains(name) ? Condition.Away | Condition.Connecting : default;
}
