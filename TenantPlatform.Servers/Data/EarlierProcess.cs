using System.Globalization;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.Servers;

/// <summary>The process of an earlier run on the same data, which ends a moment after its AppHost.</summary>
internal static class EarlierProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when the process that a file names has ended, or after a while, when whoever starts next will say so.</summary>
    /// <param name="pidFile">The file; the first line holds the process id.</param>
    /// <param name="program">What the process is called, to tell it from a later one with the same id.</param>
    /// <param name="report">Told when there is something to wait for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task EndedAsync(string pidFile, string program, Action<string> report, CancellationToken cancellationToken)
    {
        if (!File.Exists(pidFile)
            || !int.TryParse(File.ReadLines(pidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var process)
            || !Runs(process, program))
        {
            return;
        }

        report(string.Create(CultureInfo.InvariantCulture, $"Waits for process {process} of the last run to end."));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (Runs(process, program))
                await Task.Delay(PollInterval, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Still there: the server that starts on the same data says so better.
        }
    }

    private static bool Runs(int process, string program)
    {
        if (!UnixProcess.Exists(process))
            return false;
        try
        {
            var name = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}/comm";
            return !Directory.Exists("/proc") || File.ReadAllText(name).StartsWith(program, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
