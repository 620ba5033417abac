using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace TenantPlatform.CommandLine.Tests;

/// <summary>Results, tables and progress, in a terminal and without one.</summary>
public sealed class TerminalTests
{
    private const char Escape = '\e';
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Line_WithoutATerminal_IsTheTextAsItIs()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var text = $"  [red]{new string('x', 500)} words and words[/]  ";

        Terminal.Plain(output).Line(text);

        Assert.Equal(text + "\n", output.ToString());
    }

    [Fact]
    public void Table_WithoutATerminal_IsAlignedAndHasNoEscapeCharacter()
    {
        using var output = new StringWriter { NewLine = "\n" };

        Terminal.Plain(output).Write(Figures());

        Assert.Equal(
            """
            [fault]          count    worst
            pod-kill             5   1.03 s
            valkey-flushall   1234  99.0 ms

            """,
            output.ToString());
    }

    [Fact]
    public void Table_InATerminal_IsDrawn()
    {
        using var console = new TestConsole().Interactive().SupportsAnsi(true).Width(60);

        new Terminal(console, console, _time).Write(Figures());

        Assert.Contains("│ valkey-flushall │  1234 │ 99.0 ms │", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_WiderThanTheTerminal_KeepsItsCellsWhole()
    {
        using var console = new TestConsole().Interactive().SupportsAnsi(true).Width(35);

        new Terminal(console, console, _time).Write(Figures());

        Assert.Contains("valkey-flushall   1234  99.0 ms", console.Lines);
    }

    [Fact]
    public async Task Progress_WithoutATerminal_TellsByLinesNowAndThenAndEndsAtAll()
    {
        using var results = new TestConsole();
        using var progress = new TestConsole();

        var value = await new Terminal(results, progress, _time).ProgressAsync("rounds", total: 40, async task =>
        {
            for (var step = 0; step < 40; step++)
            {
                _time.Advance(TimeSpan.FromSeconds(0.6));
                task.Increment(1);
                await Task.Yield();
            }

            return 7;
        });

        Assert.Equal(7, value);
        Assert.Empty(results.Output);
        Assert.Equal(3, progress.Lines.Count);
        Assert.StartsWith("rounds: 40 % after 10 s, about", progress.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("rounds: 8", progress.Lines[1], StringComparison.Ordinal);
        Assert.Equal("rounds: 100 % after 24 s", progress.Lines[2]);
        Assert.DoesNotContain(Escape, progress.Output);
    }

    [Fact]
    public async Task Progress_OfWhatIsQuick_SaysNothing()
    {
        using var console = new TestConsole();

        await new Terminal(console, console, _time).ProgressAsync("rounds", total: 1, task =>
        {
            _time.Advance(TimeSpan.FromSeconds(1.9));
            task.Increment(1);
            return Task.FromResult(true);
        });

        Assert.Empty(console.Output);
    }

    [Fact]
    public async Task Progress_ThatBreaksOff_DoesNotSayThatItIsDone()
    {
        using var console = new TestConsole();
        var terminal = new Terminal(console, console, _time);

        await Assert.ThrowsAsync<OperationCanceledException>(() => terminal.ProgressAsync<bool>("rounds", total: 2, _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            throw new OperationCanceledException();
        }));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(console.Output);
    }

    [Fact]
    public async Task Progress_InATerminal_IsABarThatEndsAtAllBelowTheResults()
    {
        using var console = new TestConsole().Interactive().SupportsAnsi(true).Width(100).EmitAnsiSequences();
        var terminal = new Terminal(console, console, _time);

        await terminal.ProgressAsync("rounds", total: 2, task =>
        {
            terminal.Line("ratio one 1.00 0");
            task.Increment(2);
            return Task.FromResult(true);
        });

        Assert.Contains(Escape, console.Output);
        Assert.Contains("ratio one 1.00 0", console.Output, StringComparison.Ordinal);
        Assert.Contains("100%", console.Output[console.Output.LastIndexOf("rounds", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_SomethingRuns_GoesOnByTheClockAndWaitsForIt()
    {
        var progress = new ProgressTask(0, "seed", maxValue: 2, timeProvider: _time);
        var work = new TaskCompletionSource<int>();

        var both = progress.WhileAsync(steps: 1, TimeSpan.FromSeconds(10), work.Task, _time);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0.5, progress.Value, tolerance: 0.001);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, progress.Value, tolerance: 0.001);

        work.SetResult(3);
        Assert.Equal(3, await both);
        Assert.Equal(1, progress.Value);
    }

    private static Table Figures()
    {
        var table = FigureTable.Of("[fault]", "count", "worst");
        table.Add("pod-kill", "5", "1.03 s");
        table.Add("valkey-flushall", "1234", "99.0 ms");
        return table;
    }
}
