namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>What is known not to hold. A name that is no case's is an error.</summary>
internal static class KnownFailures
{
    private static readonly ILookup<string, Failure> All = MicrosoftFailures.All.Concat(FusionCacheFailures.All)
        .ToLookup(known => known.Case, known => known.Failure, StringComparer.Ordinal);

    /// <summary>Every name that is written down here.</summary>
    public static IEnumerable<string> Names => All.Select(known => known.Key);

    public static IReadOnlyList<Failure> Of(string name) => [.. All[name]];
}
