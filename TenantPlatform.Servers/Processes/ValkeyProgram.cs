using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Valkey as a process of this machine.</summary>
internal sealed class ValkeyProgram(ValkeyResource valkey) : IServerProgram
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    public async Task<ServerCommand> PrepareAsync(int port, string scratch, string? data, Action<string> report, CancellationToken cancellationToken)
    {
        var binary = (await ServerLocator.FindValkeyAsync(report, cancellationToken)).Require();
        report($"Runs {binary.Origin}.");
        if (binary.Warning is { } warning)
            report(warning);
        var password = await PasswordAsync(cancellationToken);
        var kept = data ?? scratch;
        var pidFile = Path.Combine(kept, "valkey.pid");
        await EarlierProcess.EndedAsync(pidFile, Path.GetFileName(binary.Path), report, cancellationToken);
        var options = new ValkeyServerOptions
        {
            Binary = binary,
            Password = password,
            DataDirectory = data,
            Configuration =
            [
                $"pidfile \"{pidFile}\"",
                .. valkey.Annotations.OfType<ValkeyClusterNodeAnnotation>().SelectMany(node => node.Configuration($"{scratch}.nodes", password)),
                .. Saving(valkey),
            ],
        };
        var configuration = await ValkeyConfiguration.WriteAsync(options, port, scratch, cancellationToken);
        return new ServerCommand(binary.Path, [configuration], binary.Environment, User: null);
    }

    public async Task ReadyAsync(int port, int processId, CancellationToken cancellationToken)
    {
        var password = await PasswordAsync(cancellationToken);
        while (!await RespProbe.AnswersAsync(port, password, cancellationToken))
            await Task.Delay(PollInterval, cancellationToken);
    }

    public bool TryStop(int processId) => false;

    // Without persistence nothing is saved; otherwise as asked, beside the log of changes that kept data has anyway.
    private static IEnumerable<string> Saving(ValkeyResource valkey) => valkey.Persistence() is { } persistence ? [$"save {persistence.Setting}"] : [];

    private async Task<string?> PasswordAsync(CancellationToken cancellationToken) =>
        valkey.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
}
