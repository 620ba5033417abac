using System.Globalization;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>Runs SQL through the psql beside the server, over a Unix socket in a directory that nobody else can enter.</summary>
internal static class Psql
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sets the superuser's password: kept data may have another one than is asked for now. A failing statement does not put it
    /// into the server's log.
    /// </summary>
    public static Task SetPasswordAsync(
        ServerBinary binary, int port, string userName, string password, UnixUser? user, string socketDirectory, CancellationToken cancellationToken) =>
        RunAsync(
            binary, port, userName, user, socketDirectory,
            $"SET log_min_error_statement = panic;\nALTER ROLE {PostgresText.Identifier(userName)} PASSWORD {PostgresText.Literal(password)};\n",
            cancellationToken);

    /// <summary>Runs a script, which psql reads from its standard input: it may hold secrets.</summary>
    /// <exception cref="ServerStartException">It failed; the message holds what psql said, never the script.</exception>
    public static async Task RunAsync(
        ServerBinary binary, int port, string userName, UnixUser? user, string socketDirectory, string script, CancellationToken cancellationToken)
    {
        var options = new ChildProcessOptions
        {
            FileName = Path.Combine(Path.GetDirectoryName(binary.Path)!, "psql"),
            Arguments =
            [
                "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-h", socketDirectory,
                "-p", port.ToString(CultureInfo.InvariantCulture), "-U", userName, "-d", "postgres",
            ],
            WorkingDirectory = socketDirectory,
            Environment = PostgresEnvironment.For(binary),
            User = user,
            StandardInput = script,
        };
        var result = await ChildCommand.RunAsync(options, Limit, cancellationToken);
        if (result.ExitCode != 0)
            throw new ServerStartException($"psql, as '{userName}' on port {port.ToString(CultureInfo.InvariantCulture)}, failed: {result.Output}");
    }
}
