using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>One sentence of the contract, or of a bug report, and what shows whether it holds.</summary>
/// <param name="Name">The sentence. It is the row of the table.</param>
/// <param name="RunAsync">Throws when it does not hold.</param>
internal sealed record Case(string Name, Func<Play, Task> RunAsync)
{
    /// <summary>The conditions under which it means something.</summary>
    public Condition Under { get; init; } = Condition.Any;

    /// <summary>Where another library is known not to hold it, and why.</summary>
    public IReadOnlyList<Failure> Failures => KnownFailures.Of(Name);

    public Failure? FailureOf(Library library, Condition condition) =>
        Failures.FirstOrDefault(failure => failure.Library == library && failure.Under.HasFlag(condition));
}
