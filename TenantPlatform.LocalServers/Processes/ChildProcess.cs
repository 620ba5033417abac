using System.Diagnostics;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>
/// A child process in a process group of its own: the terminal's Ctrl+C does not reach it, signals sent here reach its
/// own children too, and it never outlives this process, not even one that is killed. Safe for concurrent use.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastOutputLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Process _process;
    private readonly StopSignal _stopSignal;

    private ChildProcess(Process process, ChildProcessOptions options)
    {
        _process = process;
        _stopSignal = options.StopSignal;
        Id = process.Id;
        Exited = RunToEndAsync(PumpAsync(process.StandardOutput, options.OutputLine), PumpAsync(process.StandardError, options.ErrorLine));
    }

    /// <summary>The process id, which is the id of its group too.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code once the process and its group have ended and all output was delivered; 128 plus the number for a signal. Never fails.</summary>
    public Task<int> Exited { get; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => Exited.IsCompleted || _process.HasExited;

    /// <summary>Starts a process.</summary>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    /// <exception cref="DirectoryNotFoundException">The working directory does not exist.</exception>
    /// <exception cref="PlatformNotSupportedException">The machine lacks what keeps children from outliving us; the message names it.</exception>
    public static async Task<ChildProcess> StartAsync(ChildProcessOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        var process = new Process { StartInfo = StartInfo(options), EnableRaisingEvents = true };
        process.Start();
        try
        {
            await Guardian.Shared.WatchAsync(process.Id, options.StopSignal, cancellationToken);
        }
        catch
        {
            // The gate is still shut: it ends without having run anything.
            process.Kill();
            process.Dispose();
            throw;
        }

        var child = new ChildProcess(process, options);
        await OpenGateAsync(process, options.StandardInput);
        return child;
    }

    /// <summary>Asks the process to end and, when it has not after <paramref name="limit"/>, kills it.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync(TimeSpan limit, CancellationToken cancellationToken = default) => StopAsync(limit, _stopSignal, cancellationToken);

    /// <inheritdoc cref="StopAsync(TimeSpan, CancellationToken)"/>
    /// <param name="limit">How long it may take.</param>
    /// <param name="signal">How it is asked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> StopAsync(TimeSpan limit, StopSignal signal, CancellationToken cancellationToken = default)
    {
        Signal(signal switch
        {
            StopSignal.Interrupt => UnixSignal.Interrupt,
            StopSignal.Quit => UnixSignal.Quit,
            _ => UnixSignal.Terminate,
        });
        Signal(UnixSignal.Continue);
        try
        {
            return await Exited.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            return await KillAsync(cancellationToken);
        }
    }

    /// <summary>Kills the whole group at once (SIGKILL) and waits until it is gone.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> KillAsync(CancellationToken cancellationToken = default)
    {
        Signal(UnixSignal.Kill);
        return await Exited.WaitAsync(KillLimit, cancellationToken);
    }

    /// <summary>Freezes the group (SIGSTOP): it holds its ports and connections and answers nothing.</summary>
    public void Pause() => Signal(UnixSignal.Stop);

    /// <summary>Lets a paused group go on (SIGCONT).</summary>
    public void Resume() => Signal(UnixSignal.Continue);

    /// <summary>Kills the process if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(ChildProcessOptions options)
    {
        var program = Executables.Require(options.FileName);
        if (options.WorkingDirectory is { } directory && !Directory.Exists(directory))
            throw new DirectoryNotFoundException($"The working directory '{directory}' of '{options.FileName}' does not exist.");
        var command = (string[])[.. ProcessGate.Before(), .. ProcessGate.As(options.User), program, .. options.Arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = options.WorkingDirectory ?? string.Empty,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in options.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
    }

    private static async Task OpenGateAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(ProcessGate.Open + input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It was killed meanwhile or does not read its input: its exit code tells.
        }
    }

    private static async Task PumpAsync(StreamReader reader, Action<string>? deliver)
    {
        while (await reader.ReadLineAsync() is { } line)
            deliver?.Invoke(line);
    }

    private async Task<int> RunToEndAsync(Task output, Task error)
    {
        await _process.WaitForExitAsync();
        lock (_lock)
            UnixProcess.KillGroupRemains(Id);
        try
        {
            // A grandchild that left the group may hold the pipes open: do not wait for it.
            await Task.WhenAll(output, error).WaitAsync(LastOutputLimit);
        }
        catch (TimeoutException)
        {
        }

        await Guardian.Shared.ForgetAsync(Id);
        return _process.ExitCode;
    }

    private void Signal(UnixSignal signal)
    {
        // Under the lock, so that the id still is ours: it is free for reuse once the exit has been noticed.
        lock (_lock)
        {
            if (!HasExited)
                UnixProcess.SignalGroup(Id, signal);
        }
    }
}
