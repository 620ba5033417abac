using System.Globalization;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Prints measurements: <c>ratio NAME VALUE BYTES</c>, and what is behind it as a comment.</summary>
internal static class Report
{
    public static void Ratio(string name, double value, double bytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {value:0.00} {bytes:0}"));

    public static void Ratio(string name, Comparison comparison)
    {
        Ratio(name, comparison.Ratio, comparison.Subject.Bytes);
        Note($"{comparison.Subject.Nanoseconds:0.0} ns over {comparison.Baseline.Nanoseconds:0.0} ns; baseline {comparison.Baseline.Bytes:0} B");
    }

    public static void Note(FormattableString note) => Console.WriteLine($"#   {FormattableString.Invariant(note)}");
}
