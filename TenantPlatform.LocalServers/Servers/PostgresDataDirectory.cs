using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>A PostgreSQL data directory: where it can be, how it is made, whether it can be used.</summary>
internal sealed class PostgresDataDirectory(string path, ServerBinary binary, UnixUser? user)
{
    private const string KeptByRoot = "/var/lib/tenant-platform";
    private static readonly TimeSpan InitializeLimit = TimeSpan.FromMinutes(2);

    public string FullPath { get; } = path;

    private string PidFile => Path.Combine(FullPath, "postmaster.pid");

    /// <summary>The directory asked for, or one that this user can reach.</summary>
    public static string Reachable(string asked, UnixUser? user)
    {
        asked = Path.GetFullPath(asked);
        if (user is null || UnixUser.CanReach(asked))
            return asked;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)))[..12];
        return Path.Combine(KeptByRoot, $"{Path.GetFileName(asked)}-{name}");
    }

    /// <summary>Makes the directory ready for a start: creates it, or checks version and leftovers of one that exists.</summary>
    /// <exception cref="ServerStartException">It cannot be used; the message says why and what to do.</exception>
    public async Task PrepareAsync(string userName, string password, bool throwAway, string scratch, CancellationToken cancellationToken)
    {
        var versionFile = Path.Combine(FullPath, "PG_VERSION");
        if (!File.Exists(versionFile))
        {
            await InitializeAsync(userName, password, throwAway, scratch, cancellationToken);
            return;
        }

        var version = (await File.ReadAllTextAsync(versionFile, cancellationToken)).Trim();
        if (version != binary.Version.Major.ToString(CultureInfo.InvariantCulture))
        {
            throw new ServerStartException(
                $"The data in {FullPath} belongs to PostgreSQL {version}, but {binary.Path} is version {binary.Version}. "
                + $"Install PostgreSQL {version}, or delete that directory to start empty.");
        }

        DropStalePidFile();
    }

    /// <summary>Whether the postmaster with this process id says that it accepts connections.</summary>
    public bool IsReady(int processId)
    {
        try
        {
            var lines = File.ReadAllLines(PidFile);
            return lines.Length >= 8 && lines[0] == processId.ToString(CultureInfo.InvariantCulture) && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task InitializeAsync(string userName, string password, bool throwAway, string scratch, CancellationToken cancellationToken)
    {
        if (Directory.Exists(FullPath) && Directory.EnumerateFileSystemEntries(FullPath).Any())
            throw new ServerStartException($"{FullPath} is neither empty nor a PostgreSQL data directory. Delete it or choose another.");
        var parent = Path.GetDirectoryName(FullPath)!;
        Directory.CreateDirectory(parent);

        // Under another name until it is whole: an interrupted initdb leaves nothing that looks finished.
        var unfinished = $"{FullPath}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user is not null)
            UnixProcess.ChangeOwner(unfinished, user);
        try
        {
            var passwordFile = await PostgresSecretFile.WriteAsync(Path.Combine(scratch, "password"), password, user, cancellationToken);
            var arguments = new List<string>
            {
                "-D", unfinished, "-U", userName, $"--pwfile={passwordFile}", "--auth-host=scram-sha-256", "--auth-local=trust",
                "-E", "UTF8", "--locale=C", "--no-instructions",
            };
            if (throwAway)
                arguments.AddRange(["--no-sync", "--wal-segsize=4"]);
            var options = new ChildProcessOptions
            {
                FileName = Path.Combine(Path.GetDirectoryName(binary.Path)!, "initdb"),
                Arguments = arguments,
                WorkingDirectory = scratch,
                Environment = PostgresEnvironment.For(binary),
                User = user,
            };
            var result = await ChildCommand.RunAsync(options, InitializeLimit, cancellationToken);
            File.Delete(passwordFile);
            if (result.ExitCode != 0)
                throw new ServerStartException($"initdb failed:{Environment.NewLine}{result.Output}");
            if (Directory.Exists(FullPath))
                Directory.Delete(FullPath);
            Directory.Move(unfinished, FullPath);
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }
    }

    // A postmaster that was killed leaves its file, and PostgreSQL refuses to start when some later process has that id.
    private void DropStalePidFile()
    {
        if (!File.Exists(PidFile))
            return;
        var first = File.ReadLines(PidFile).FirstOrDefault();
        if (int.TryParse(first, CultureInfo.InvariantCulture, out var processId) && UnixProcess.Exists(processId) && MayBePostgres(processId))
        {
            throw new ServerStartException(
                $"The data in {FullPath} is in use by process {processId}. Stop what runs there (another copy of this application?) first.");
        }

        File.Delete(PidFile);
    }

    private static bool MayBePostgres(int processId)
    {
        var name = $"/proc/{processId}/comm";
        return !File.Exists(name) || File.ReadAllText(name).StartsWith("post", StringComparison.Ordinal);
    }
}
