using System.Globalization;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    public const string Usage = """
        usage: dotnet run -c Release --project tests/TenantPlatform.FaultRuns -- [options]
          --seeds 1..20       runs each of these seeds (or one: --seeds 7)
          --seconds 30        how long faults are made in each
          --tenants 50        how many tenants
          --rate 150          requests a second, over all pods
          --protocol          runs the cache's protocol by itself, with nothing behind it that would repair what it lets through
          --mutant NAME       runs a build that is broken on purpose, until a seed finds violations; succeeds when one does
          --suspensions 1000  measures so many suspensions with everything healthy, instead
          --stale-reads       measures stale reads under 2 000 changes a second, instead
        """;

    public int FirstSeed { get; init; } = 1;

    public int LastSeed { get; init; } = 3;

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(30);

    public int Tenants { get; init; } = 50;

    public int Rate { get; init; } = 150;

    public string? Mutant { get; init; }

    public int? Suspensions { get; init; }

    public bool StaleReads { get; init; }

    public bool IsProtocol { get; init; }

    /// <exception cref="FormatException">The command line cannot be understood; the message says why.</exception>
    public static RunOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RunOptions();
        for (var n = 0; n < arguments.Count; n++)
        {
            var name = arguments[n];
            if (options.WithFlag(name) is { } flagged)
                options = flagged;
            else if (n + 1 < arguments.Count)
                options = options.With(name, arguments[++n]);
            else
                throw new FormatException($"'{name}' needs a value, or is not an option.");
        }

        return options;
    }

    private RunOptions? WithFlag(string name) => name switch
    {
        "--stale-reads" => this with { StaleReads = true },
        "--protocol" => this with { IsProtocol = true },
        _ => null,
    };

    private RunOptions With(string name, string value) => name switch
    {
        "--seeds" => WithSeeds(value),
        "--seconds" => this with { Length = TimeSpan.FromSeconds(Number(name, value, most: 3600)) },
        "--tenants" => this with { Tenants = Number(name, value, most: 90) },
        "--rate" => this with { Rate = Number(name, value, most: 5000) },
        "--suspensions" => this with { Suspensions = Number(name, value, most: 1_000_000) },
        "--mutant" => Mutants.Names.Contains(value)
            ? this with { Mutant = value, IsProtocol = IsProtocol || Mutants.NeedsItsOwnBuild(value) }
            : throw new FormatException($"There is no mutant '{value}': expected one of {string.Join(", ", Mutants.Names)}."),
        _ => throw new FormatException($"There is no option '{name}'."),
    };

    private RunOptions WithSeeds(string value)
    {
        var ends = value.Split("..");
        var (first, last) = (Number("--seeds", ends[0], most: int.MaxValue / 1000), Number("--seeds", ends[^1], most: int.MaxValue / 1000));
        return ends.Length <= 2 && first <= last
            ? this with { FirstSeed = first, LastSeed = last }
            : throw new FormatException($"--seeds is '{value}': expected a seed, or a first and a last one such as 1..20.");
    }

    private static int Number(string name, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new FormatException($"{name} is '{value}': expected a whole number, 1 to {most}.");
}
