using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using TenantPlatform.CommandLine;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>The seeds of a run, from the first to the last.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeedRange(int First, int Last)
{
    private const int Most = int.MaxValue / 1000;

    public int Count => Last - First + 1;

    public IEnumerable<int> All => Enumerable.Range(First, Count);

    /// <summary>Reads <c>7</c>, or <c>1..20</c>.</summary>
    public static SeedRange Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var ends = text.Split("..");
        if (WholeNumber.Parse("--seeds", ends[0], Most, argument.AddError) is not { } first || WholeNumber.Parse("--seeds", ends[^1], Most, argument.AddError) is not { } last)
            return default;
        if (ends.Length > 2 || first > last)
            argument.AddError($"--seeds is '{text}': expected a seed, or a first and a last one such as 1..20.");
        return new SeedRange(first, last);
    }

    public override string ToString() => First == Last ? $"{First}" : $"{First}..{Last}";
}
