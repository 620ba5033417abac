using System.Collections.Concurrent;
using System.ComponentModel;
using TenantPlatform.Hosting.Processes;

namespace TenantPlatform.Hosting.Containers;

/// <summary>A container engine that answers, commanded by its program. Safe for concurrent use.</summary>
internal sealed class ContainerEngine
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PullLimit = TimeSpan.FromMinutes(10);

    // An image that could not be pulled is not asked for again by every start of this process: it costs seconds offline.
    private static readonly ConcurrentDictionary<string, string> Unavailable = new(StringComparer.Ordinal);

    private ContainerEngine(string program, string version)
    {
        Program = program;
        Version = version;
    }

    /// <summary>The program's full path.</summary>
    public string Program { get; }

    /// <summary>Its name: <c>docker</c> or <c>podman</c>.</summary>
    public string Name => Path.GetFileName(Program);

    /// <summary>The engine's version.</summary>
    public string Version { get; }

    /// <summary>Finds an engine that answers; what is wrong with those that do not is added to <paramref name="tried"/>.</summary>
    /// <param name="choice"><c>auto</c> or nothing: docker, then podman; <c>docker</c>, <c>podman</c> or a path: that one; <c>none</c>: no engine.</param>
    /// <param name="tried">What was tried, for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ContainerEngine?> FindAsync(string? choice, List<string> tried, CancellationToken cancellationToken)
    {
        if (string.Equals(choice, "none", StringComparison.OrdinalIgnoreCase))
        {
            tried.Add("no container engine (switched off by configuration)");
            return null;
        }

        var candidates = string.IsNullOrEmpty(choice) || string.Equals(choice, "auto", StringComparison.OrdinalIgnoreCase) ? ["docker", "podman"] : new[] { choice };
        foreach (var candidate in candidates)
        {
            if (Executables.Find(candidate) is not { } program)
                tried.Add($"{candidate} on PATH (not there)");
            else if (await AskAsync(program, tried, cancellationToken) is { } engine)
                return engine;
        }

        return null;
    }

    /// <summary>Sees to it that the image is here, pulling it where needed; otherwise says why not.</summary>
    /// <returns>Null when the image is here; otherwise the reason why it is not.</returns>
    public async Task<string?> ObtainAsync(string image, Action<string> report, CancellationToken cancellationToken)
    {
        var inspected = await RunAsync(["image", "inspect", "--format", "{{.Id}}", image], AnswerLimit, cancellationToken);
        if (inspected.ExitCode == 0)
            return null;
        if (Unavailable.TryGetValue($"{Program} {image}", out var known))
            return known;
        report($"Pulling {image} with {Name}.");
        var pulled = await PullAsync(image, cancellationToken);
        if (pulled is not null)
            Unavailable[$"{Program} {image}"] = pulled;
        return pulled;
    }

    /// <summary>Runs one of the engine's commands to its end.</summary>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        ChildCommand.RunAsync(new ChildProcessOptions { FileName = Program, Arguments = arguments }, limit, cancellationToken);

    /// <summary>Removes what an earlier run of the same owner left behind.</summary>
    public async Task RemoveLeftoversAsync(string owner, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(["ps", "--all", "--quiet", "--filter", $"label={ContainerLabels.Owner}={owner}"], AnswerLimit, cancellationToken);
        if (listed.ExitCode == 0 && listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } ids)
            await RunAsync(["rm", "--force", "--volumes", .. ids], AnswerLimit, cancellationToken);
    }

    private static async Task<ContainerEngine?> AskAsync(string program, List<string> tried, CancellationToken cancellationToken)
    {
        try
        {
            // Docker's answer comes from its engine; podman has none apart, its own version shows that it runs here.
            var format = Path.GetFileName(program).StartsWith("podman", StringComparison.Ordinal) ? "{{.Client.Version}}" : "{{.Server.Version}}";
            var options = new ChildProcessOptions { FileName = program, Arguments = ["version", "--format", format] };
            var answer = await ChildCommand.RunAsync(options, AnswerLimit, cancellationToken);
            if (answer.ExitCode == 0)
                return new ContainerEngine(program, answer.Output);
            tried.Add($"{program} (no engine answers: {FirstLine(answer.Output)})");
        }
        catch (Exception exception) when (exception is TimeoutException or Win32Exception or IOException)
        {
            tried.Add($"{program} ({exception.Message})");
        }

        return null;
    }

    private async Task<string?> PullAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            var pulled = await RunAsync(["pull", "--quiet", image], PullLimit, cancellationToken);
            return pulled.ExitCode == 0 ? null : $"{Program} (has no {image} and cannot pull it: {FirstLine(pulled.Output)})";
        }
        catch (TimeoutException exception)
        {
            return $"{Program} (has no {image}: {exception.Message})";
        }
    }

    private static string FirstLine(string output) => output.Split('\n') is [var first, ..] ? first.Trim() : string.Empty;
}
