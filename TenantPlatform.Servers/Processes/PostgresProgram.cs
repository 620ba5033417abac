using Aspire.Hosting.ApplicationModel;
using TenantPlatform.LocalServers;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.Servers;

/// <summary>PostgreSQL as a process of this machine.</summary>
internal sealed class PostgresProgram(PostgresServerResource postgres) : IServerProgram
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly Dictionary<string, string> NoSettings = [];

    private Prepared? _prepared;

    public async Task<ServerCommand> PrepareAsync(int port, string scratch, string? data, Action<string> report, CancellationToken cancellationToken)
    {
        var binary = (await ServerLocator.FindPostgresAsync(report, cancellationToken)).Require();
        report($"Runs {binary.Origin}.");
        var user = PostgresAccount.Choose();
        if (user is not null)
            UnixProcess.ChangeOwner(scratch, user);
        var userName = await UserNameAsync(cancellationToken);
        var password = await postgres.PasswordParameter.GetValueAsync(cancellationToken)
            ?? throw new ServerStartException($"The password of '{postgres.Name}' has no value.");
        var path = data is null ? Path.Combine(scratch, "data") : PostgresDataDirectory.Reachable(data, user);
        await EarlierProcess.EndedAsync(Path.Combine(path, "postmaster.pid"), "postgres", report, cancellationToken);
        var directory = new PostgresDataDirectory(path, binary, user);
        await directory.PrepareAsync(userName, password, throwAway: data is null, scratch, cancellationToken);
        _prepared = new Prepared(binary, directory, user, userName, password, scratch, IsKept: data is not null);
        return new ServerCommand(
            binary.Path,
            ["-D", path, .. PostgresSettings.Arguments(NoSettings, data is not null, port, scratch)],
            PostgresEnvironment.For(binary),
            user);
    }

    public async Task ReadyAsync(int port, int processId, CancellationToken cancellationToken)
    {
        var prepared = _prepared ?? throw new InvalidOperationException("PostgreSQL has not been prepared.");
        while (!prepared.Directory.IsReady(processId))
            await Task.Delay(PollInterval, cancellationToken);
        if (prepared.IsKept)
        {
            await Psql.SetPasswordAsync(
                prepared.Binary, port, prepared.UserName, prepared.Password, prepared.User, prepared.Scratch, cancellationToken);
        }
    }

    // SIGTERM waits for every client to leave by itself; SIGINT is PostgreSQL's fast shutdown.
    public bool TryStop(int processId)
    {
        UnixProcess.Signal(processId, UnixSignal.Interrupt);
        return true;
    }

    private async Task<string> UserNameAsync(CancellationToken cancellationToken) =>
        await postgres.UserNameReference.GetValueAsync(cancellationToken) ?? "postgres";

    private sealed record Prepared(
        ServerBinary Binary, PostgresDataDirectory Directory, UnixUser? User, string UserName, string Password, string Scratch, bool IsKept);
}
