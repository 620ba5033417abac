using System.Globalization;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>What the outside writer is to do.</summary>
internal sealed record WriterOrder(string Prefix, int Keys, int ChangesPerSecond, TimeSpan Length)
{
    /// <summary>The option under which a process of this program becomes the writer; not one for people.</summary>
    public const string Option = "--write-from-outside";

    public IReadOnlyList<string> ToArguments() =>
    [
        Option, Prefix, Keys.ToString(CultureInfo.InvariantCulture), ChangesPerSecond.ToString(CultureInfo.InvariantCulture), Length.TotalSeconds.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>The order in a command line; null when it is another one.</summary>
    public static WriterOrder? Parse(IReadOnlyList<string> arguments) => arguments is [Option, var prefix, var keys, var changes, var seconds]
        ? new WriterOrder(
            prefix,
            int.Parse(keys, CultureInfo.InvariantCulture),
            int.Parse(changes, CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)))
        : null;
}
