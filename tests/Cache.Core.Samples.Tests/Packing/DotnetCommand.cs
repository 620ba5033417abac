using System.Collections.Concurrent;
using TenantPlatform.LocalServers.Processes;

namespace Cache.Core.Samples.Tests.Packing;

/// <summary>The SDK's command line, as a process that leaves nothing behind and ends within a limit, whatever becomes of it.</summary>
internal static class DotnetCommand
{
    private const int LinesTold = 60;

    // Of the run that this is a part of, nothing is meant for another build; and no server or node of the build stays and is waited for.
    private static readonly Dictionary<string, string?> Environment = new(StringComparer.Ordinal)
    {
        ["MSBUILD_EXE_PATH"] = null,
        ["MSBuildSDKsPath"] = null,
        ["MSBuildExtensionsPath"] = null,
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
    };

    /// <summary>Runs a command that builds, on one node and with the compiler in a process of its own.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message ends with what it printed last.</exception>
    /// <exception cref="TimeoutException">It did not end within <paramref name="limit"/> and was killed; likewise.</exception>
    public static async Task RunAsync(string folder, TimeSpan limit, params string[] arguments)
    {
        var output = new ConcurrentQueue<string>();
        await using var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = "dotnet",
            Arguments = [.. arguments, "-nodeReuse:false", "-maxCpuCount:1", "-p:UseSharedCompilation=false"],
            WorkingDirectory = folder,
            Environment = Environment,
            OutputLine = output.Enqueue,
            ErrorLine = output.Enqueue,
        });
        string Told(string what) => $"'dotnet {string.Join(' ', arguments)}' {what}\n{string.Join('\n', output.TakeLast(LinesTold))}";
        try
        {
            var exit = await process.Exited.WaitAsync(limit);
            if (exit != 0)
                throw new InvalidOperationException(Told($"ended with {exit}:"));
        }
        catch (TimeoutException late)
        {
            await process.KillAsync();
            throw new TimeoutException(Told($"did not end within {limit}:"), late);
        }
    }
}
