using System.Globalization;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>
/// A server's process on 127.0.0.1 through its runs: started on a port that stays its own, waited for until it is ready, stopped,
/// killed, paused. One caller at a time.
/// </summary>
/// <param name="program">The kind of server.</param>
/// <param name="askedPort">The port; 0: a free one, chosen at the first start.</param>
/// <param name="output">Called with every line that the server writes.</param>
internal sealed class ServerProcess(IServerProgram program, int askedPort, Action<string>? output) : IAsyncDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private PortReservation? _reservation;
    private ChildProcess? _process;

    /// <summary>The port, from the first start on.</summary>
    public int Port { get; private set; }

    /// <summary>The process id of the present or last run.</summary>
    public int Id => _process?.Id ?? 0;

    /// <summary>Whether the process is there, paused or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Completes with the exit code when the present run ends.</summary>
    public Task<int> Exited => _process?.Exited ?? Task.FromResult(0);

    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public void RequireStopped()
    {
        if (IsRunning)
            throw new InvalidOperationException($"The {program.Kind} server is running already.");
    }

    /// <summary>Starts it, on its port if it has one already, and waits until it is ready.</summary>
    /// <exception cref="ServerStartException">It did not start; the message holds its last lines.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        RequireStopped();
        for (var attempt = 1; ; attempt++)
        {
            var chooses = Port == 0 && askedPort == 0;
            if (chooses)
                _reservation = PortReservation.Take();
            var port = Port != 0 ? Port : _reservation?.Port ?? askedPort;
            var tail = new OutputTail(output);
            if (await TryStartAsync(port, tail, cancellationToken))
            {
                Port = port;
                return;
            }

            // Somebody who does not reserve ports may have taken this one in between.
            if (!chooses || attempt == Attempts || !tail.ToString().Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                throw new ServerStartException(
                    string.Create(CultureInfo.InvariantCulture, $"{program.Description} did not start on port {port}:{Environment.NewLine}{tail}"));
            }

            _reservation!.Dispose();
        }
    }

    /// <summary>Ends it in order, and by force when that takes too long.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _process is null ? Task.CompletedTask : _process.StopAsync(StopLimit, cancellationToken);

    /// <summary>Asks it by this signal to end, and ends it by force when that takes too long.</summary>
    public Task StopAsync(StopSignal signal, CancellationToken cancellationToken) =>
        _process is null ? Task.CompletedTask : _process.StopAsync(StopLimit, signal, cancellationToken);

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellationToken) =>
        _process is null ? Task.CompletedTask : _process.KillAsync(cancellationToken);

    /// <summary>Freezes it (SIGSTOP).</summary>
    public void Pause() => _process?.Pause();

    /// <summary>Lets it go on.</summary>
    public void Resume() => _process?.Resume();

    /// <summary>Ends it and lets others have its port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync(CancellationToken.None);
            await _process.DisposeAsync();
        }

        _reservation?.Dispose();
    }

    private async Task<bool> TryStartAsync(int port, OutputTail tail, CancellationToken cancellationToken)
    {
        var options = await program.PrepareAsync(port, cancellationToken);
        if (_process is not null)
            await _process.DisposeAsync();
        _process = await ChildProcess.StartAsync(options with { OutputLine = tail.Add, ErrorLine = tail.Add }, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            while (!_process.HasExited)
            {
                if (await program.IsReadyAsync(port, _process.Id, limit.Token))
                    return true;
                await Task.Delay(PollInterval, limit.Token);
            }

            await _process.Exited.WaitAsync(limit.Token);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await _process.KillAsync(CancellationToken.None);
            tail.Add($"(not ready within {StartLimit.TotalSeconds} s)");
            return false;
        }
    }
}
