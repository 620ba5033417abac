using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>Docker's own program.</summary>
internal static class Docker
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>What it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var result = await ChildCommand.RunAsync(new ChildProcessOptions { FileName = "docker", Arguments = arguments }, Limit, CancellationToken.None);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"docker {string.Join(' ', arguments)} failed: {result.Output}");
    }
}
