using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Running;

namespace TenantPlatform.FaultRuns.Tests.Runs;

/// <summary>The command line.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task Options_OfNothing_AreTheDefaults() => Assert.Equal(new RunOptions(), await ReadAsync());

    [Fact]
    public async Task Options_OfEverything_KeepEverything() => Assert.Equal(
        new RunOptions
        {
            Seeds = new SeedRange(4, 9),
            Length = TimeSpan.FromSeconds(12),
            Tenants = 5,
            Rate = 77,
            Mutant = "ignore-denial",
            IsMarkdown = true,
        },
        await ReadAsync("--seeds", "4..9", "--seconds", "12", "--tenants", "5", "--rate", "77", "--mutant", "ignore-denial", "--markdown"));

    [Fact]
    public async Task Options_OfMeasurements_AskForThem()
    {
        Assert.Equal(new RunOptions { Suspensions = 1000 }, await ReadAsync("--suspensions", "1000"));
        Assert.Equal(new RunOptions { Suspensions = 1000, IsWithCrm = true }, await ReadAsync("--suspensions", "1000", "--crm"));
        Assert.Equal(new RunOptions { Suspensions = 1000, IsWithGateway = true }, await ReadAsync("--suspensions", "1000", "--gateway"));
        Assert.Equal(new RunOptions { StaleReads = true }, await ReadAsync("--stale-reads"));
        Assert.Equal(new RunOptions { IsProtocol = true }, await ReadAsync("--protocol"));
        Assert.Equal(new RunOptions { Beside = "/other" }, await ReadAsync("--beside", "/other"));
        Assert.Equal(new RunOptions { Soak = 120 }, await ReadAsync("--soak", "120"));
    }

    [Theory]
    [InlineData(true, "--mutant", "no-fence")]
    [InlineData(false, "--mutant", "ignore-denial")]
    [InlineData(true, "--protocol")]
    [InlineData(false, "--seeds", "1")]
    public async Task Options_OfAMutantOfTheCache_RunTheProtocolByItself(bool isProtocol, params string[] arguments) =>
        Assert.Equal(isProtocol, (await ReadAsync(arguments)).IsProtocol);

    [Fact]
    public async Task Seeds_OfOne_AreThatOne() => Assert.Equal(new SeedRange(7, 7), (await ReadAsync("--seeds", "7")).Seeds);

    [Theory]
    [InlineData("abc", "--seeds is 'abc': expected a whole number, 1 to", "--seeds", "abc")]
    [InlineData("9..4", "a first and a last one such as 1..20", "--seeds", "9..4")]
    [InlineData("1..2..3", "a first and a last one such as 1..20", "--seeds", "1..2..3")]
    [InlineData("--seconds", "is '0': expected a whole number, 1 to 3600", "--seconds", "0")]
    [InlineData("--tenants", "is '91': expected a whole number, 1 to 90", "--tenants", "91")]
    [InlineData("--rate", "is '-1': expected a whole number, 1 to 5000", "--rate", "-1")]
    [InlineData("--suspensions", "is '1.5': expected a whole number, 1 to 1000000", "--suspensions", "1.5")]
    [InlineData("--crm", "give --suspensions with it", "--crm")]
    [InlineData("--gateway", "give --suspensions with it", "--gateway")]
    [InlineData("--rate", "Required argument missing", "--rate")]
    [InlineData("no-fense", "'no-fence'", "--mutant", "no-fense")]
    [InlineData("--sedes", "--seeds", "--sedes", "1")]
    [InlineData("word", "Unrecognized", "word")]
    [InlineData("--protocol and --stale-reads", "give one of them", "--protocol", "--stale-reads")]
    public async Task CommandLine_OfNonsense_IsRefusedByNameAndRunsNothing(string named, string accepted, params string[] arguments)
    {
        using var error = new StringWriter();
        var command = new RunCommand((_, _, _) => throw new InvalidOperationException("It ran."));

        Assert.Equal(ExitCode.Refused, await command.RunAsync(arguments, TextWriter.Null, error));

        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(accepted, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_DescribesEveryOptionAndExitCode()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await new RunCommand((_, _, _) => Task.FromResult(9)).RunAsync(["--help"], output));

        string[] expected =
        [
            "--seeds <FIRST..LAST>", "[default: 1..3]", "--seconds <NUMBER>", "in seconds, 1 to 3600 [default: 30]", "[default: 50]", "[default: 150]",
            "--markdown", "--protocol", "--mutant <NAME>", "--suspensions <NUMBER>", "--crm", "--gateway", "--stale-reads", "Exit codes:", "130",
        ];
        Assert.All(expected, text => Assert.Contains(text, output.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("write-from-outside", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<RunOptions> ReadAsync(params string[] arguments)
    {
        RunOptions? read = null;
        using var error = new StringWriter();
        var command = new RunCommand((options, given, _) =>
        {
            // As they are: a mutant's own build is run with the same.
            Assert.Equal(arguments, given);
            read = options;
            return Task.FromResult(0);
        });
        Assert.Equal((0, string.Empty), (await command.RunAsync(arguments, TextWriter.Null, error), error.ToString()));
        return Assert.IsType<RunOptions>(read);
    }
}
