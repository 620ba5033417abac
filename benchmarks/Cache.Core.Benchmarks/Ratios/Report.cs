using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Measures and prints: <c>ratio NAME VALUE BYTES</c>, and what is behind it as a comment. Each ratio is a step of the progress.</summary>
internal sealed class Report(Terminal terminal, ProgressTask progress, CancellationToken stop)
{
    /// <summary>Measures synchronous subjects, each with the number of operations that it is given, and prints the ratio.</summary>
    public void Compare(string name, Action<int> subject, Action<int> baseline, int operations, int rounds)
    {
        progress.Description = name;
        Ratio(name, Interleaved.Compare(subject, baseline, operations, rounds, stop));
    }

    /// <summary>Measures subjects that wait, and prints the ratio.</summary>
    public async Task CompareAsync(string name, Func<int, Task> subject, Func<int, Task> baseline, int operations, int rounds)
    {
        progress.Description = name;
        Ratio(name, await Interleaved.CompareAsync(subject, baseline, operations, rounds, stop));
    }

    /// <summary>Prints a ratio that has been measured.</summary>
    public void Ratio(string name, double value, double bytes)
    {
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value:0.00} {bytes:0}"));
        progress.Increment(1);
    }

    /// <summary>Prints what is behind the next or the last ratio.</summary>
    public void Note(FormattableString note) => terminal.Line($"#   {FormattableString.Invariant(note)}");

    private void Ratio(string name, Comparison comparison)
    {
        Ratio(name, comparison.Ratio, comparison.Subject.Bytes);
        Note($"{comparison.Subject.Nanoseconds:0.0} ns over {comparison.Baseline.Nanoseconds:0.0} ns; baseline {comparison.Baseline.Bytes:0} B");
    }
}
