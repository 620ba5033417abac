using System.CommandLine;
using System.CommandLine.Invocation;

namespace TenantPlatform.CommandLine;

/// <summary>Runs a program's command: refusals and Ctrl+C are the same in all of them.</summary>
public static class CommandLineProgram
{
    /// <summary>How long a program may take to end what it has started, servers and all, before Ctrl+C ends it where it stands.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(6);

    /// <summary>Sets what the command does. Its token is cancelled by Ctrl+C, and by SIGTERM; that it was shows in the exit code.</summary>
    /// <param name="command">The command.</param>
    /// <param name="run">What it does; returns the exit code, or throws by its token after printing what it has so far.</param>
    public static void SetRun(this Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(run);
        command.SetAction(async (asked, stop) =>
        {
            // The library listens for Ctrl+C once this has returned, and a measurement may not do so before its end.
            await Task.Yield();
            try
            {
                return await run(asked, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                await asked.InvocationConfiguration.Error.WriteLineAsync("Stopped before its end.").ConfigureAwait(false);
                return ExitCode.Stopped;
            }
        });
    }

    /// <summary>Runs what the arguments ask for, or says on the error output what is wrong with them and runs nothing.</summary>
    /// <param name="command">The program's command.</param>
    /// <param name="arguments">What the program was started with.</param>
    /// <param name="output">Where help goes; null: standard output.</param>
    /// <param name="error">Where refusals go; null: standard error.</param>
    /// <param name="cancellationToken">Stops it as Ctrl+C does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        this RootCommand command, IReadOnlyList<string> arguments, TextWriter? output = null, TextWriter? error = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(arguments);
        output ??= Console.Out;
        error ??= Console.Error;
        var asked = command.Parse(arguments);
        if (asked.Action is not ParseErrorAction refusal)
        {
            var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopLimit };
            return await asked.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }

        // The whole help would bury the one line that matters. What was meant instead belongs to it, so both go to the same place.
        refusal.ShowHelp = false;
        await asked.InvokeAsync(new InvocationConfiguration { Output = error, Error = error }, cancellationToken).ConfigureAwait(false);
        await error.WriteLineAsync("Nothing was run; --help tells what is accepted.").ConfigureAwait(false);
        return ExitCode.Refused;
    }
}
