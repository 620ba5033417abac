using System.Globalization;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>Runs SQL through the psql beside the server, over a Unix socket in a directory that nobody else can enter.</summary>
internal static class Psql
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a script, which psql reads from its standard input: it may hold secrets.</summary>
    /// <exception cref="ServerStartException">It failed; the message holds what psql said, never the script.</exception>
    public static async Task RunAsync(PostgresServer server, UnixUser? user, string socketDirectory, string script, CancellationToken cancellationToken)
    {
        var options = new ChildProcessOptions
        {
            FileName = Path.Combine(Path.GetDirectoryName(server.Binary.Path)!, "psql"),
            Arguments =
            [
                "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-h", socketDirectory,
                "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", server.UserName, "-d", "postgres",
            ],
            WorkingDirectory = socketDirectory,
            Environment = PostgresEnvironment.For(server.Binary),
            User = user,
            StandardInput = script,
        };
        var result = await ChildCommand.RunAsync(options, Limit, cancellationToken);
        if (result.ExitCode != 0)
            throw new ServerStartException($"psql, as '{server.UserName}' on the data in {server.DataDirectory}, failed: {result.Output}");
    }
}
