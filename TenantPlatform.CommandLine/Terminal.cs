using Spectre.Console;
using Spectre.Console.Rendering;

namespace TenantPlatform.CommandLine;

/// <summary>
/// Where a program's results go, and how far it is while it works. In a terminal tables are drawn and progress is a bar; anywhere
/// else everything is plain lines, and those of the progress go to standard error, so that results stay by themselves.
/// </summary>
public sealed class Terminal
{
    /// <summary>Wide enough for every table: what reads a file breaks lines itself.</summary>
    private const int Unbroken = 10_000;

    /// <summary>A drawing takes about a millisecond, and what is measured is not to be disturbed.</summary>
    private static readonly TimeSpan BarEvery = TimeSpan.FromSeconds(1);
    private readonly IAnsiConsole _results;
    private readonly IAnsiConsole _progress;
    private readonly TimeProvider _time;

    /// <summary>For tests: a terminal of consoles that are given.</summary>
    /// <param name="results">Where results go.</param>
    /// <param name="progress">Where progress goes; the same one when results are seen there as well, so that they do not overwrite each other.</param>
    /// <param name="time">What the progress is timed by.</param>
    public Terminal(IAnsiConsole results, IAnsiConsole progress, TimeProvider time)
    {
        (_results, _progress, _time) = (results, progress, time);
        if (!IsInteractive(_results))
            _results.Profile.Width = Unbroken;
    }

    /// <summary>This process's standard output and standard error, whatever they are.</summary>
    public static Terminal OfThisProcess()
    {
        var results = Open(Console.Out, isTerminal: !Console.IsOutputRedirected);
        return new Terminal(results, IsInteractive(results) ? results : Open(Console.Error, isTerminal: !Console.IsErrorRedirected), TimeProvider.System);
    }

    /// <summary>Plain lines to a writer, and no progress.</summary>
    /// <param name="results">Where results go.</param>
    public static Terminal Plain(TextWriter results) => new(Open(results, isTerminal: false), Open(TextWriter.Null, isTerminal: false), TimeProvider.System);

    /// <summary>Prints a line of results.</summary>
    /// <param name="text">The line; markup in it is not understood.</param>
    public void Line(string text) => Line(_results, text);

    /// <summary>Prints a line that is no result: standard error, unless that would overwrite the progress.</summary>
    /// <param name="text">The line; markup in it is not understood.</param>
    public void Note(string text) => Line(_progress, text);

    /// <summary>Prints a table of results.</summary>
    /// <param name="table">The table; where it cannot be drawn, or does not fit, it is aligned without lines.</param>
    public void Write(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var isDrawn = IsInteractive(_results);
        if (!isDrawn || Width(table) > _results.Profile.Width)
        {
            table.Border(TableBorder.None);
            foreach (var column in table.Columns)
                column.Padding = new Padding(left: 0, top: 0, right: 2, bottom: 0);
        }

        _results.Write(isDrawn ? new AboveTheBar(table) : table);
    }

    /// <summary>Shows how far something is while it runs: a bar, or a line now and then when it takes longer than two seconds.</summary>
    /// <param name="what">What runs; the work may change it as it goes on (<see cref="ProgressTask.Description"/>).</param>
    /// <param name="total">Of how many steps it is; the work counts them (<see cref="ProgressTask.Increment"/>).</param>
    /// <param name="work">What runs.</param>
    public async Task<T> ProgressAsync<T>(string what, double total, Func<ProgressTask, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsInteractive(_progress))
            return await PlainProgress.RunAsync(_progress.Profile.Out.Writer, new ProgressTask(0, what, total, timeProvider: _time), work, _time).ConfigureAwait(false);
        var bar = new Progress(_progress) { RefreshRate = BarEvery };
        bar.Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new RemainingTimeColumn());
        return await bar.StartAsync(context => work(context.AddTask(what, maxValue: total))).ConfigureAwait(false);
    }

    /// <summary>What the table takes without breaking a cell.</summary>
    private int Width(IRenderable table) => table.Measure(RenderOptions.Create(_results, _results.Profile.Capabilities), Unbroken).Max;

    private static void Line(IAnsiConsole console, string text)
    {
        // Where nothing is drawn nothing is arranged either: the text as it is.
        if (IsInteractive(console))
            console.Write(new AboveTheBar(new Text(text + Environment.NewLine)));
        else
            console.Profile.Out.Writer.WriteLine(text);
    }

    private static IAnsiConsole Open(TextWriter writer, bool isTerminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
    });

    private static bool IsInteractive(IAnsiConsole console) => console.Profile.Capabilities is { Interactive: true, Ansi: true };
}
