using System.Globalization;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>What the outside writer is to do.</summary>
internal sealed record WriterOrder(string Prefix, int Keys, int ChangesPerSecond, TimeSpan Length)
{
    /// <summary>The command that carries it out.</summary>
    public const string Command = "write-from-outside";

    public IReadOnlyList<string> ToArguments() =>
    [
        Command, Prefix, Keys.ToString(CultureInfo.InvariantCulture), ChangesPerSecond.ToString(CultureInfo.InvariantCulture), Length.TotalSeconds.ToString(CultureInfo.InvariantCulture),
    ];
}
