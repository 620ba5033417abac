using System.Diagnostics;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Containers;

/// <summary>The images that <c>eng/build-test-images</c> makes of this machine's own servers.</summary>
internal static class TestImages
{
    public const string Valkey = "tenant-platform-test/valkey:local";

    public const string Postgres = "tenant-platform-test/postgres:local";

    private static readonly Lazy<string?> LazyFault = new(Prepare);

    /// <summary>Why containers cannot be tried here; null when they can.</summary>
    public static string? Fault => LazyFault.Value;

    private static string? Prepare()
    {
        if (Run("docker", "version") != 0)
            return "No container engine answers on this machine: start docker to have these tests run.";
        if (Run("docker", "image", "inspect", Valkey, Postgres) == 0)
            return null;

        // An engine that answers and images that cannot be built are a failure, not a reason to skip.
        return Run(Path.Combine(Repository.Root, "eng", "build-test-images")) == 0
            ? null
            : throw new InvalidOperationException("eng/build-test-images failed.");
    }

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(TimeSpan.FromMinutes(3)))
                return process.ExitCode;
            process.Kill();
            return -1;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
