using System.Text;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>Runs a program to its end and keeps what it said.</summary>
internal static class ChildCommand
{
    /// <summary>Runs it; output callbacks in <paramref name="options"/> are not called.</summary>
    /// <exception cref="TimeoutException">It did not end in time and was killed.</exception>
    public static async Task<CommandResult> RunAsync(ChildProcessOptions options, TimeSpan limit, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        void Keep(string line)
        {
            lock (output)
                output.AppendLine(line);
        }

        await using var child = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = options.FileName,
                Arguments = options.Arguments,
                WorkingDirectory = options.WorkingDirectory,
                Environment = options.Environment,
                User = options.User,
                StandardInput = options.StandardInput,
                StopSignal = options.StopSignal,
                OutputLine = Keep,
                ErrorLine = Keep,
            },
            cancellationToken);
        try
        {
            var exitCode = await child.Exited.WaitAsync(limit, cancellationToken);
            lock (output)
                return new CommandResult(exitCode, output.ToString().Trim());
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"'{options.FileName}' did not end within {limit.TotalSeconds} s and was killed.", exception);
        }
    }
}
