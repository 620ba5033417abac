using Cache.Core.Benchmarks;
using Spectre.Console.Testing;

namespace TenantPlatform.CommandLine.Tests.Commands;

/// <summary>The command line of Cache.Core.Benchmarks.</summary>
public sealed class BenchmarkCommandTests
{
    [Theory]
    [InlineData("--ratios l1 no-such-group", "'no-such-group'", "l1, peers, copies, threads, keys, l2, many, zipf, bytes")]
    [InlineData("--peers hits-1 no-such-row", "'no-such-row'", "misses-10000")]
    [InlineData("--peers --only nobody", "'nobody'", "bitfaster")]
    [InlineData("--only bitfaster", "--only", "--peers")]
    [InlineData("--traces no/such/folder", "'no/such/folder'", "does not exist")]
    [InlineData("--traces /", "'/'", "*.u32.gz")]
    [InlineData("--ratios --hit-rates", "--ratios and --hit-rates", "give one of them")]
    [InlineData("--ratios l1 --filter x", "'--filter'", "l1, peers, copies, threads, keys, l2, many, zipf, bytes")]
    [InlineData("--filter x --hit-rates", "'--filter'", "BenchmarkDotNet")]
    [InlineData("--hit-rates l1", "'l1'", "BenchmarkDotNet")]
    public async Task CommandLine_OfNonsense_IsRefusedByNameAndMeasuresNothing(string commandLine, string named, string accepted)
    {
        using var console = new TestConsole();
        using var error = new StringWriter();

        Assert.Equal(ExitCode.Refused, await Command(console).RunAsync(commandLine.Split(' '), TextWriter.Null, error));

        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(accepted, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(console.Output);
    }

    [Theory]
    [InlineData("--ratios byt")]
    [InlineData("--ratios bytes")]
    public async Task Ratios_OfAGroup_ArePrintedByLinesThatAScriptCanRead(string commandLine)
    {
        using var results = new TestConsole();
        using var progress = new TestConsole();

        Assert.Equal(0, await new BenchmarkCommand(new Terminal(results, progress, TimeProvider.System)).RunAsync(commandLine.Split(' ')));

        Assert.Matches(@"^ratio bytes-per-entry \d+\.\d\d \d+$", results.Lines[0]);
        Assert.StartsWith("#   all in ", results.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain('\e', results.Output + progress.Output);
    }

    [Fact]
    public async Task Arguments_OfBenchmarkDotNet_ReachIt()
    {
        using var console = new TestConsole();

        Assert.Equal(ExitCode.Success, await Command(console).RunAsync(["--list", "flat"]));
        Assert.Equal(ExitCode.Refused, await Command(console).RunAsync(["--ratois"]));
        Assert.Equal(ExitCode.Failure, await Command(console).RunAsync(["--filter", "*NoSuchBenchmark*"]));
    }

    private static BenchmarkCommand Command(TestConsole console) => new(new Terminal(console, console, TimeProvider.System));
}
