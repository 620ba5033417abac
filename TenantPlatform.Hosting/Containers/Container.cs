using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Processes;

namespace TenantPlatform.Hosting.Containers;

/// <summary>
/// A container that runs in the foreground of its engine's program: its output is ours, it ends when the program does,
/// and its engine removes it. Safe for concurrent use.
/// </summary>
internal sealed class Container : IAsyncDisposable
{
    private const int StopSeconds = 10;
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess _process;

    private Container(ContainerEngine engine, string name, string image, ChildProcess process)
    {
        Engine = engine;
        Name = name;
        Image = image;
        _process = process;
    }

    public ContainerEngine Engine { get; }

    public string Name { get; }

    public string Image { get; }

    /// <summary>Its id, once it runs.</summary>
    public string Id { get; private set; } = string.Empty;

    public Task<int> Exited => _process.Exited;

    /// <summary>Starts a container and returns when its engine says that it runs.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message holds its last lines.</exception>
    public static async Task<Container> StartAsync(ContainerEngine engine, ContainerOptions options, CancellationToken cancellationToken)
    {
        var name = $"tenant-platform-{options.Resource}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var tail = new Servers.OutputTail(line => options.Output?.Invoke(line, false));
        await Guardian.Shared.WatchContainerAsync(name, engine.Program, cancellationToken);
        var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = engine.Program,
                Arguments = Command(name, options),
                Environment = options.Environment,
                StandardInput = options.StandardInput,
                OutputLine = tail.Add,
                ErrorLine = tail.Add,
            },
            cancellationToken);
        var container = new Container(engine, name, options.Image, process);
        try
        {
            await container.WaitUntilRunningAsync(tail, cancellationToken);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command in the container.</summary>
    /// <param name="command">The command. Visible to every user of the machine: never a secret.</param>
    /// <param name="environment">Variables for it; values are kept off the command line.</param>
    /// <param name="input">Text for its standard input.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CommandResult> ExecuteAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string? input, CancellationToken cancellationToken) =>
        ChildCommand.RunAsync(
            new ChildProcessOptions
            {
                FileName = Engine.Program,
                Arguments = ["exec", "--interactive", .. environment.Keys.SelectMany(name => (string[])["--env", name]), Name, .. command],
                Environment = environment,
                StandardInput = input ?? string.Empty,
            },
            CommandLimit,
            cancellationToken);

    /// <summary>Ends the container in order, by force after a while.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
            await Engine.RunAsync(["stop", "--time", StopSeconds.ToString(CultureInfo.InvariantCulture), Name], CommandLimit, cancellationToken);
        await _process.StopAsync(CommandLimit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _process.DisposeAsync();

        // The engine removes it by itself, but not at once, and not when it was killed at the wrong moment.
        await Engine.RunAsync(["rm", "--force", "--volumes", Name], CommandLimit, CancellationToken.None);
        await Guardian.Shared.ForgetContainerAsync(Name);
    }

    private static string[] Command(string name, ContainerOptions options) =>
    [
        "run", "--rm", "--name", name,
        "--label", $"{ContainerLabels.Owner}={options.Owner}",
        "--label", $"{ContainerLabels.Resource}={options.Resource}",
        .. options.StandardInput is null ? Array.Empty<string>() : ["--interactive"],
        .. options.Entrypoint is null ? Array.Empty<string>() : ["--entrypoint", options.Entrypoint],
        .. options.Environment.Where(variable => variable.Value is not null).SelectMany(variable => (string[])["--env", variable.Key]),
        .. options.Ports.SelectMany(port => (string[])["--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port.Host}:{port.Container}")]),
        .. options.Mounts.SelectMany(mount => (string[])["--mount", Mount(mount)]),
        options.Image,
        .. options.Arguments,
    ];

    private static string Mount(ContainerMountAnnotation mount) =>
        $"type={(mount.Type == ContainerMountType.BindMount ? "bind" : "volume")},{(mount.Source is null ? string.Empty : $"source={mount.Source},")}target={mount.Target}{(mount.IsReadOnly ? ",readonly" : string.Empty)}";

    private async Task WaitUntilRunningAsync(Servers.OutputTail tail, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!_process.HasExited)
        {
            var state = await Engine.RunAsync(["container", "inspect", "--format", "{{.State.Running}} {{.Id}}", Name], CommandLimit, limit.Token);
            if (state.ExitCode == 0 && state.Output.Split(' ') is ["true", var id])
            {
                Id = id;
                return;
            }

            await Task.Delay(PollInterval, limit.Token);
        }

        await _process.Exited.WaitAsync(limit.Token);
        throw new InvalidOperationException($"The container of {Image} ended at once with exit code {await _process.Exited}:{Environment.NewLine}{tail}");
    }
}
