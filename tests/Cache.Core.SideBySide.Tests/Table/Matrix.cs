using Cache.Core.SideBySide.Tests.Cases;
using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>All cases, and what is run of them.</summary>
internal static class Matrix
{
    public static IReadOnlyList<(string Group, IReadOnlyList<Case> Cases)> Groups { get; } =
    [
        ("Looking up, storing, removing", BasicCases.All),
        ("Values", ValueCases.All),
        ("Whose value it is", CopyCases.All),
        ("Factories that fail", FailureCases.All),
        ("Several callers", CallerCases.All),
        ("Cancelling", CancelCases.All),
        ("Flags", FlagCases.All),
        ("Expiration", ExpirationCases.All),
        ("Tags", TagCases.All),
        ("Overtaking", RaceCases.All),
        ("The second tier", SharedTierCases.All),
    ];

    public static IReadOnlyList<Case> Cases { get; } = [.. Groups.SelectMany(group => group.Cases)];

    public static IEnumerable<(Library Library, Condition Condition, Case Case)> Rows =>
        from one in Cases
        from condition in new[] { Condition.Alone, Condition.Valkey, Condition.Away, Condition.Connecting }
        where one.Under.HasFlag(condition)
        from library in Enum.GetValues<Library>()
        select (library, condition, one);
}
