using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests.Packing;

/// <summary>
/// The packages, in a folder, and the consumer built with them outside of this repository. Whatever else it needs comes from where the machine has it;
/// nothing is written into the machine's folder of packages.
/// </summary>
public sealed class PackedConsumer : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private readonly string _folder = Directory.CreateTempSubdirectory("packed-").FullName;

    /// <summary>Where the packages are.</summary>
    public string Packages => Path.Combine(_folder, "consumer", "packages");

    /// <summary>The version of all of them. No other source has it.</summary>
    public string Version { get; } = $"0.0.1-packed.{Guid.NewGuid():n}";

    /// <summary>The consumer.</summary>
    public string Program => Path.Combine(_folder, "consumer", "bin", "Release", "net10.0", "PackageConsumer.dll");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var source = Path.Combine(Repository.Root, "samples", "PackageConsumer");
        var consumer = Directory.CreateDirectory(Path.Combine(_folder, "consumer")).FullName;
        foreach (var file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(consumer, Path.GetFileName(file)));

        // The analyzers have had their say where the solution was built.
        await DotnetCommand.RunAsync(
            Repository.Root, Limit, "pack", Path.Combine("eng", "Packages.slnf"), "--configuration", "Release", "--output", Packages,
            $"-p:ArtifactsPath={Path.Combine(_folder, "artifacts")}", $"-p:MinVerVersionOverride={Version}", "-p:RunAnalyzers=false");
        var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await DotnetCommand.RunAsync(
            consumer, Limit, "build", "--configuration", "Release",
            $"-p:CacheCoreVersion={Version}", $"-p:RestorePackagesPath={Path.Combine(_folder, "restored")}", $"-p:RestoreFallbackFolders={known}");
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
