using System.Diagnostics;
using System.Reflection;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>
/// The same runs over a build whose cache has switches that take rules of its protocol away. It lies in
/// <c>artifacts/mutants</c>, beside that of <c>eng/check-mutants</c>, so that no other build ever holds a switch.
/// </summary>
internal static class MutantBuild
{
#if MUTANTS
    /// <summary>Whether this is that build.</summary>
    public static bool IsThis => true;
#else
    /// <summary>Whether this is that build.</summary>
    public static bool IsThis => false;
#endif

    /// <summary>Makes that build, if any source has changed since, runs it with the same arguments and returns its exit code.</summary>
    public static async Task<int> RunAsync(string mutant, IEnumerable<string> arguments)
    {
        var project = typeof(MutantBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == "ProjectPath").Value!;
        var output = Path.Combine(Path.GetDirectoryName(project)!, "..", "..", "artifacts", "mutants");
        string[] build = ["run", "-c", "Release", "--project", project, "-p:Mutants=true", "-p:RunAnalyzers=false", $"-p:ArtifactsPath={Path.GetFullPath(output)}", "--"];
        var start = new ProcessStartInfo("dotnet", build.Concat(arguments)) { Environment = { ["CACHE_MUTANT"] = mutant } };
        using var run = Process.Start(start)
            ?? throw new InvalidOperationException("'dotnet' did not start.");
        await run.WaitForExitAsync();
        return run.ExitCode;
    }
}
