using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>The servers that <c>eng/unpack-servers</c> unpacks into <c>.tools/</c> of the repository.</summary>
internal static class UnpackedServers
{
    private const string Script = "eng/unpack-servers";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Finds one, unpacking it on first use.</summary>
    public static async Task<ServerBinary?> FindAsync(
        string server, string pattern, List<string> tried, Action<string>? report, CancellationToken cancellationToken)
    {
        if (RepositoryRoot() is not { } root)
        {
            tried.Add($"{Script} (not found above {AppContext.BaseDirectory})");
            return null;
        }

        var tools = ToolsDirectory(root, server);
        var home = Path.Combine(tools, server);
        if (!File.Exists(Path.Combine(home, "complete")))
        {
            report?.Invoke($"Unpacking {server} from the distribution's packages into {home} (once).");
            var options = new ChildProcessOptions { FileName = Path.Combine(root, Script), Arguments = [server, tools] };
            CommandResult result;
            try
            {
                result = await ChildCommand.RunAsync(options, Limit, cancellationToken);
            }
            catch (TimeoutException exception)
            {
                tried.Add($"{Script} {server} ({exception.Message})");
                return null;
            }

            if (result.ExitCode != 0)
            {
                tried.Add($"{Script} {server} ({result.Output.ReplaceLineEndings(" ")})");
                return null;
            }
        }

        var binary = Match(home, pattern);
        if (binary is not null)
            return await ServerProbe.RunAsync(binary, "unpacked from the distribution's packages", LibrariesOf(home), tried, cancellationToken);
        tried.Add($"{home}/{pattern} (missing: delete {home} and try again)");
        return null;
    }

    private static string? RepositoryRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, Script)))
                return directory.FullName;
        }

        return null;
    }

    // When we are root, PostgreSQL runs as another user, who cannot pass through a clone under /root.
    private static string ToolsDirectory(string root, string server) =>
        server == "postgres" && Environment.IsPrivilegedProcess && !UnixUser.CanReach(Path.Combine(root, ".tools", "x"))
            ? "/var/lib/tenant-platform/tools"
            : Path.Combine(root, ".tools");

    private static string? Match(string home, string pattern)
    {
        var star = pattern.IndexOf("/*/", StringComparison.Ordinal);
        if (star < 0)
            return Path.Combine(home, pattern) is var path && File.Exists(path) ? path : null;
        var parent = Path.Combine(home, pattern[..star]);
        return Directory.Exists(parent)
            ? Directory.GetDirectories(parent).Select(directory => Path.Combine(directory, pattern[(star + 3)..])).FirstOrDefault(File.Exists)
            : null;
    }

    private static Dictionary<string, string?> LibrariesOf(string home)
    {
        var directories = Directory.EnumerateFiles(home, "lib*.so*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetDirectoryName(file)!)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return directories.Count == 0
            ? new Dictionary<string, string?>(StringComparer.Ordinal)
            : new Dictionary<string, string?>(StringComparer.Ordinal) { ["LD_LIBRARY_PATH"] = string.Join(':', directories) };
    }
}
