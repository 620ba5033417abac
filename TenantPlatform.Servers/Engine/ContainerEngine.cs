using System.ComponentModel;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.Servers;

/// <summary>A container engine, commanded by its program. Safe for concurrent use.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>Whether an engine answers, and what it said or why not.</summary>
    /// <param name="choice"><c>docker</c>, <c>podman</c>, or nothing: whichever answers, as Aspire chooses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<EngineAnswer> AskAsync(string? choice, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        foreach (var candidate in string.IsNullOrEmpty(choice) ? ["docker", "podman"] : new[] { choice })
        {
            if (Executables.Find(candidate) is not { } program)
                tried.Add($"there is no {candidate}");
            else if (await AskProgramAsync(program, tried, cancellationToken) is { } version)
                return new EngineAnswer(IsThere: true, $"{candidate} {version} answers");
        }

        return new EngineAnswer(IsThere: false, string.Join(", ", tried));
    }

    private static async Task<string?> AskProgramAsync(string program, List<string> tried, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(program);
        try
        {
            // Docker's answer comes from its engine; podman has none apart, its own version shows that it runs here.
            var format = name.StartsWith("podman", StringComparison.Ordinal) ? "{{.Client.Version}}" : "{{.Server.Version}}";
            var answer = await ChildCommand.RunAsync(
                new ChildProcessOptions { FileName = program, Arguments = ["version", "--format", format] }, AnswerLimit, cancellationToken);
            if (answer.ExitCode == 0)
                return answer.Output;
            tried.Add($"{name} is installed, but no engine answers");
        }
        catch (Exception exception) when (exception is TimeoutException or Win32Exception or IOException)
        {
            tried.Add($"{name} does not run ({exception.Message})");
        }

        return null;
    }
}
