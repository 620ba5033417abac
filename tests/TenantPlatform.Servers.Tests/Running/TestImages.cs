using System.ComponentModel;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>The images that <c>eng/build-test-images</c> makes of this machine's own servers.</summary>
internal static class TestImages
{
    public const string Valkey = "tenant-platform-test/valkey:local";

    public const string Postgres = "tenant-platform-test/postgres:local";

    /// <summary>A registry that is nowhere: an image that is not here cannot come from there either.</summary>
    public const string Registry = "tenant-platform.invalid";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task> LazyBuilt = new(BuildAsync);

    /// <summary>Why containers cannot be tried here; null when they can.</summary>
    public static string? Fault { get; } = Ask();

    /// <summary>Completes when both images are there. An engine that answers and images that cannot be built are a failure, not a reason to skip.</summary>
    public static Task BuiltAsync() => LazyBuilt.Value;

    private static string? Ask()
    {
        try
        {
            var answer = ChildCommand.RunAsync(new ChildProcessOptions { FileName = "docker", Arguments = ["version"] }, AnswerLimit, CancellationToken.None);
            return answer.GetAwaiter().GetResult().ExitCode == 0 ? null : "No container engine answers on this machine: start docker to have this test run.";
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or TimeoutException)
        {
            return $"No container engine on this machine: install and start docker to have this test run ({exception.Message}).";
        }
    }

    private static async Task BuildAsync()
    {
        var build = await ChildCommand.RunAsync(
            new ChildProcessOptions { FileName = Path.Combine(Repository.Root, "eng", "build-test-images") }, BuildLimit, CancellationToken.None);
        if (build.ExitCode != 0)
            throw new InvalidOperationException($"eng/build-test-images failed: {build.Output}");
    }
}
