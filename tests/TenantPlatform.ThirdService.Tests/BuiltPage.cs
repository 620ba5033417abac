using System.Collections.Concurrent;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.ThirdService.Tests;

/// <summary>
/// What the page has its reader write, written under artifacts/ and built there. The page's folders stand beside the
/// repository's, these three levels below: references are lengthened by that, and nothing else is changed.
/// </summary>
public sealed class BuiltPage : IAsyncLifetime
{
    private const string AppHost = "TenantPlatform.AppHost";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>As this test was built, and so what the page's projects refer to: <c>debug</c> or <c>release</c>.</summary>
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
    private static readonly string Root = Path.Combine(Repository.Root, "artifacts", "third-service");

    /// <summary>The built service.</summary>
    public static string Program => Path.Combine(Root, "built", "bin", "Notes.Api", Configuration, "Notes.Api.dll");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
        Directory.CreateDirectory(Root);

        // Its packages are those of the projects that it refers to, so no lock file says more; and the repository's own stay untouched.
        await File.WriteAllTextAsync(Path.Combine(Root, "Directory.Build.props"), """
            <Project>
              <Import Project="../../Directory.Build.props" />
              <PropertyGroup>
                <ArtifactsPath>$(MSBuildThisFileDirectory)built</ArtifactsPath>
                <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
                <RestoreLockedMode>false</RestoreLockedMode>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        Copy(AppHost);
        foreach (var addition in Page.Additions)
            Write(addition);
        foreach (var project in Directory.GetFiles(Root, "*.csproj", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(project, Lengthen(await File.ReadAllTextAsync(project)));
        await BuildAsync("Notes.Api");
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Builds the AppHost with what the page adds to it.</summary>
    public static Task BuildAppHostAsync() => BuildAsync(AppHost, "-p:RunAnalyzers=false");

    private static void Copy(string project)
    {
        var source = Path.Combine(Repository.Root, project);
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "packages.lock.json"))
        {
            var copy = Path.Combine(Root, project, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Write(Page.Addition addition)
    {
        var path = Path.Combine(Root, addition.File);
        if (addition.Before is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, addition.Text);
            return;
        }

        var lines = File.ReadAllLines(path).ToList();
        var places = lines.FindAll(line => line.Trim() == addition.Before).Count;
        Assert.True(places == 1, $"{addition.File} has the line '{addition.Before}' {places} times; the page adds something before it.");
        lines.Insert(lines.FindIndex(line => line.Trim() == addition.Before), addition.Text.TrimEnd('\n'));
        File.WriteAllLines(path, lines);
    }

    private static string Lengthen(string project) => string.Join("\"../", project.Split("\"../").Select((part, index) =>
        index == 0 || Directory.Exists(Path.Combine(Root, part.Split('/')[0])) ? part : $"../../{part}"));

    /// <summary>Builds it and nothing that it refers to: that is built with this test, and other tests use it meanwhile.</summary>
    private static async Task BuildAsync(string project, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        var output = new ConcurrentQueue<string>();
        await using var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "dotnet",
                Arguments =
                [
                    "build", Path.Combine(Root, project), "--configuration", Configuration, "--nologo", "--verbosity", "quiet", "-nodeReuse:false",
                    "-p:BuildProjectReferences=false", "-p:RestoreRecursive=false", "-p:UseSharedCompilation=false", "-maxCpuCount:1", .. arguments,
                ],
                WorkingDirectory = Root,
                OutputLine = output.Enqueue,
                ErrorLine = output.Enqueue,

                // Of the run that this is a part of, nothing is meant for another program.
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MSBUILD_EXE_PATH"] = null, ["MSBuildSDKsPath"] = null, ["MSBuildExtensionsPath"] = null },
            },
            limit.Token);
        var exit = await process.Exited.WaitAsync(limit.Token);
        Assert.True(exit == 0, $"The page's {project} cannot be built:\n{string.Join('\n', output)}");
    }
}
