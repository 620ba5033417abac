using System.ComponentModel;
using System.Text.RegularExpressions;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>Asks a server program for its version, which also shows that it runs here.</summary>
internal static partial class ServerProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly IReadOnlyDictionary<string, string?> EmptyEnvironment = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The first candidate that runs; what is wrong with the others is added to <paramref name="tried"/>.</summary>
    public static async Task<ServerBinary?> FirstAsync(
        IEnumerable<string> candidates, string origin, List<string> tried, CancellationToken cancellationToken)
    {
        foreach (var candidate in candidates)
        {
            if (Executables.Find(candidate) is not { } path)
                tried.Add(candidate.Contains('/', StringComparison.Ordinal) ? $"{candidate} (does not exist)" : $"{candidate} on PATH (not there)");
            else if (await RunAsync(path, origin, EmptyEnvironment, tried, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The server at this path if it runs; otherwise the reason is added to <paramref name="tried"/>.</summary>
    public static async Task<ServerBinary?> RunAsync(
        string path, string origin, IReadOnlyDictionary<string, string?> environment, List<string> tried, CancellationToken cancellationToken)
    {
        try
        {
            // PostgreSQL's launcher may be a link elsewhere: the programs beside the real one are wanted.
            var real = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
            var program = Path.GetFileName(real) == Path.GetFileName(path) ? real : path;
            var options = new ChildProcessOptions { FileName = program, Arguments = ["--version"], Environment = environment };
            var result = await ChildCommand.RunAsync(options, Limit, cancellationToken);
            var match = VersionPattern().Match(result.Output);
            if (result.ExitCode == 0 && match.Success)
                return new ServerBinary(program, VersionOf(match.Groups["version"].Value), $"{program} ({origin})", environment);
            tried.Add($"{program} (does not run here: {result.Output.ReplaceLineEndings(" ")})");
        }
        catch (Exception exception) when (exception is TimeoutException or Win32Exception or IOException)
        {
            tried.Add($"{path} ({exception.Message})");
        }

        return null;
    }

    // A beta of PostgreSQL is plain "19".
    private static Version VersionOf(string text) => Version.Parse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0");

    [GeneratedRegex(@"(v=|\(PostgreSQL\) |Chromium |Google Chrome |prometheus, version )(?<version>\d+(\.\d+){0,2})", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex VersionPattern();
}
