using System.Diagnostics;
using System.Globalization;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>
/// This process's side of <c>guardian.sh</c>, which ends what we started when we are gone. One per process, started with
/// the first child. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The pipe to it is close-on-exec, so no child holds it open. Should the guardian die, the next registration starts
/// another one and repeats what is still in force.
/// </remarks>
internal sealed class Guardian
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly SemaphoreSlim Gate = new(1, 1);

    private readonly Dictionary<int, string> _groups = [];
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private Process? _process;

    private Guardian()
    {
    }

    /// <summary>The one of this process.</summary>
    public static Guardian Shared { get; } = new();

    /// <summary>The guardian's process id; zero before the first registration.</summary>
    public int ProcessId { get; private set; }

    /// <summary>From now on this process group ends with us.</summary>
    public Task WatchAsync(int processGroup, StopSignal signal, CancellationToken cancellationToken)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"group {processGroup}:{NameOf(signal)}");
        return SendAsync(line, () => _groups[processGroup] = line, cancellationToken);
    }

    /// <summary>The process group has ended.</summary>
    public Task ForgetAsync(int processGroup) =>
        SendAsync(string.Create(CultureInfo.InvariantCulture, $"done {processGroup}"), () => _groups.Remove(processGroup), CancellationToken.None);

    /// <summary>From now on this directory is deleted when we are gone.</summary>
    public Task WatchAsync(string directory, CancellationToken cancellationToken) =>
        SendAsync($"directory {directory}", () => _directories.Add(directory), cancellationToken);

    /// <summary>The directory has been deleted.</summary>
    public Task ForgetAsync(string directory) =>
        SendAsync($"forget {directory}", () => _directories.Remove(directory), CancellationToken.None);

    private static string NameOf(StopSignal signal) => signal switch
    {
        StopSignal.Interrupt => "INT",
        StopSignal.Quit => "QUIT",
        _ => "TERM",
    };

    private async Task SendAsync(string line, Action remember, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            _process ??= await StartAsync(cancellationToken);
            try
            {
                await WriteAsync(line);
            }
            catch (IOException)
            {
                _process = await StartAsync(cancellationToken);
                foreach (var known in InForce())
                    await WriteAsync(known);
                await WriteAsync(line);
            }

            remember();
        }
        finally
        {
            Gate.Release();
        }
    }

    private IEnumerable<string> InForce() =>
    [
        .. _groups.Values,
        .. _directories.Select(directory => $"directory {directory}"),
    ];

    private async Task WriteAsync(string line)
    {
        await _process!.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    private async Task<Process> StartAsync(CancellationToken cancellationToken)
    {
        var command = (string[])[.. ProcessGate.Detached(), Executables.Require("sh"), "-c", await ReadScriptAsync(), "tenant-platform-guardian"];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The guardian of child processes did not start.");
        var answer = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(StartLimit, cancellationToken);
        if (answer?.StartsWith("ready ", StringComparison.Ordinal) != true)
            throw new InvalidOperationException($"The guardian of child processes did not start: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
        ProcessId = int.Parse(answer.AsSpan("ready ".Length), CultureInfo.InvariantCulture);
        return process;
    }

    private static async Task<string> ReadScriptAsync()
    {
        await using var stream = typeof(Guardian).Assembly.GetManifestResourceStream("guardian.sh")
            ?? throw new InvalidOperationException("guardian.sh is missing from this assembly.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
