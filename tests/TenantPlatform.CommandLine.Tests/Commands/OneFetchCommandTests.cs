using Cache.Core.OneFetch;

namespace TenantPlatform.CommandLine.Tests.Commands;

/// <summary>The command line of Cache.Core.OneFetch.</summary>
public sealed class OneFetchCommandTests
{
    [Theory]
    [InlineData("", 10, false)]
    [InlineData("--rounds 3 --peers", 3, true)]
    [InlineData("--peers", 10, true)]
    public async Task CommandLine_SaysHowManyRoundsAndOfWhom(string commandLine, int rounds, bool withPeers)
    {
        (int, bool)? got = null;
        var command = new OneFetchCommand((one, other, _) =>
        {
            got = (one, other);
            return Task.FromResult(0);
        });

        Assert.Equal(0, await command.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal((rounds, withPeers), got);
    }

    [Theory]
    [InlineData("--rounds 0", "--rounds is '0': expected a whole number")]
    [InlineData("--rounds many", "--rounds is 'many': expected a whole number")]
    [InlineData("--pears", "--peers")]
    public async Task CommandLine_OfNonsense_IsRefusedByName(string commandLine, string says)
    {
        using var error = new StringWriter();
        var command = new OneFetchCommand((_, _, _) => throw new InvalidOperationException("It ran."));

        Assert.Equal(ExitCode.Refused, await command.RunAsync(commandLine.Split(' '), TextWriter.Null, error));

        Assert.Contains(says, error.ToString(), StringComparison.Ordinal);
    }
}
