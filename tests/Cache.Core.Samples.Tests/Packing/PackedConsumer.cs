using System.Collections.Concurrent;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests.Packing;

/// <summary>The package, and the consumer built with it outside of this repository, by the machine's own packages otherwise.</summary>
public sealed class PackedConsumer : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("packed-").FullName;

    /// <summary>Where the packages are.</summary>
    public string Packages => Path.Combine(_folder, "consumer", "packages");

    /// <summary>The consumer.</summary>
    public string Program => Path.Combine(_folder, "consumer", "bin", "Release", "net10.0", "PackageConsumer.dll");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var source = Path.Combine(Repository.Root, "samples", "PackageConsumer");
        var consumer = Directory.CreateDirectory(Path.Combine(_folder, "consumer")).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(consumer, Path.GetFileName(file)));

        await RunAsync(Repository.Root, "pack", "Cache.Core", "--output", Packages, "--nologo", $"-p:ArtifactsPath={Path.Combine(_folder, "artifacts")}");
        var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await RunAsync(consumer, "build", "--configuration", "Release", "--nologo", $"-p:RestorePackagesPath={Path.Combine(_folder, "restored")}", $"-p:RestoreFallbackFolders={known}");
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        var output = new ConcurrentQueue<string>();
        await using var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "dotnet",
                Arguments = [.. arguments, "-nodeReuse:false"],
                WorkingDirectory = folder,
                OutputLine = output.Enqueue,
                ErrorLine = output.Enqueue,

                // Of the run that this is a part of, nothing is meant for another program.
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MSBUILD_EXE_PATH"] = null, ["MSBuildSDKsPath"] = null, ["MSBuildExtensionsPath"] = null },
            },
            limit.Token);
        var exit = await process.Exited.WaitAsync(limit.Token);
        Assert.True(exit == 0, $"'dotnet {string.Join(' ', arguments)}' ended with {exit}:\n{string.Join('\n', output)}");
    }
}
