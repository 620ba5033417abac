using System.CommandLine;

namespace TenantPlatform.CommandLine.Tests;

/// <summary>What every program does alike.</summary>
public sealed class CommandLineProgramTests
{
    [Theory]
    [InlineData("--cuont 3", "--cuont", "--count")]
    [InlineData("--count abc", "--count is 'abc'", "a whole number, 1 to 9")]
    [InlineData("--count -3", "--count is '-3'", "a whole number, 1 to 9")]
    [InlineData("--count 10", "--count is '10'", "a whole number, 1 to 9")]
    [InlineData("--maybe 0", "--maybe is '0'", "a whole number, 1 to 9")]
    [InlineData("--count", "--count", "Required argument missing")]
    public async Task Run_OfWhatIsNotUnderstood_NamesItTellsWhatIsAcceptedAndRunsNothing(string commandLine, string named, string accepted)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Assert.Equal(ExitCode.Refused, await Counting((_, _) => throw new InvalidOperationException("It ran.")).RunAsync(commandLine.Split(' '), output, error));

        Assert.Empty(output.ToString());
        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(accepted, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 4, null)]
    [InlineData("--count 9 --maybe 1", 9, 1)]
    public async Task Run_OfWhatIsUnderstood_HasTheNumbersAndItsExitCode(string commandLine, int count, int? maybe)
    {
        (int, int?)? got = null;
        var command = Counting((one, other) =>
        {
            got = (one, other);
            return 5;
        });

        Assert.Equal(5, await command.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal((count, maybe), got);
    }

    [Fact]
    public async Task Run_ThatIsStopped_EndsWithThatExitCode()
    {
        using var stop = new CancellationTokenSource();
        using var error = new StringWriter();
        var began = new TaskCompletionSource();
        var command = new RootCommand();
        command.SetRun(async (_, stopped) =>
        {
            began.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stopped);
            return ExitCode.Success;
        });

        var run = command.RunAsync([], TextWriter.Null, error, stop.Token);
        await began.Task;
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Stopped, await run.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("Stopped before its end.", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "--count <NUMBER>")]
    [InlineData("--help", "How many apples, 1 to 9 [default: 4]")]
    [InlineData("--version", ".")]
    public async Task Run_OfAQuestion_AnswersIt(string option, string answer)
    {
        using var output = new StringWriter();

        Assert.Equal(ExitCode.Success, await Counting((_, _) => 5).RunAsync([option], output));

        Assert.Contains(answer, output.ToString(), StringComparison.Ordinal);
    }

    private static RootCommand Counting(Func<int, int?, int> run)
    {
        var count = WholeNumber.Option("--count", "How many apples", most: 9, otherwise: 4);
        var maybe = WholeNumber.Option("--maybe", "How many pears", most: 9);
        var command = new RootCommand { count, maybe };
        command.SetRun((asked, _) => Task.FromResult(run(asked.GetValue(count), asked.GetValue(maybe))));
        return command;
    }
}
