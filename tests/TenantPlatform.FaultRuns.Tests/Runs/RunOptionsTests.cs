using TenantPlatform.FaultRuns.Running;

namespace TenantPlatform.FaultRuns.Tests.Runs;

/// <summary>The command line.</summary>
public sealed class RunOptionsTests
{
    [Fact]
    public void Parse_OfEverything_KeepsEverything()
    {
        var options = RunOptions.Parse(["--seeds", "4..9", "--seconds", "12", "--tenants", "5", "--rate", "77", "--mutant", "no-fence"]);
        Assert.Equal(
            (4, 9, TimeSpan.FromSeconds(12), 5, 77, "no-fence"),
            (options.FirstSeed, options.LastSeed, options.Length, options.Tenants, options.Rate, options.Mutant));
    }

    [Theory]
    [InlineData(true, "--mutant", "no-fence")]
    [InlineData(false, "--mutant", "ignore-denial")]
    [InlineData(true, "--protocol")]
    [InlineData(false, "--seeds", "1")]
    public void Parse_OfAMutantOfTheCache_RunsTheProtocolByItself(bool isProtocol, params string[] arguments) =>
        Assert.Equal(isProtocol, RunOptions.Parse(arguments).IsProtocol);

    [Fact]
    public void Parse_OfOneSeed_IsThatSeed() => Assert.Equal((7, 7), (RunOptions.Parse(["--seeds", "7"]).FirstSeed, RunOptions.Parse(["--seeds", "7"]).LastSeed));

    [Theory]
    [InlineData("--mutant", "no-fense")]
    [InlineData("--seeds", "9..4")]
    [InlineData("--seeds", "1..2..3")]
    [InlineData("--seconds", "0")]
    [InlineData("--rate", "-1")]
    [InlineData("--unheard-of", "1")]
    public void Parse_OfNonsense_NamesIt(string name, string value)
    {
        var exception = Assert.Throws<FormatException>(() => RunOptions.Parse([name, value]));
        Assert.Contains(name == "--mutant" ? value : name, exception.Message, StringComparison.Ordinal);
    }
}
