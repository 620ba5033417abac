using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>A library's known failure of a case.</summary>
/// <param name="Library">Which one.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Under">Under which conditions.</param>
/// <param name="IsSometimes">Whether it depends on who is faster: then both outcomes are taken.</param>
internal sealed record Failure(Library Library, string Reason, Condition Under = Condition.Any, bool IsSometimes = false);
