using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

internal static class KnownFailures
{
    public static IReadOnlyList<Failure> Of(string name) => name.Length == 0 ? [] : [];

    public static Condition AwaitedBy(string name) => name.Length == 0 ? Condition.Any : default;
}
