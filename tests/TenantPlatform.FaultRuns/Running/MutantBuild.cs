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

    /// <summary>Makes that build, runs it with the same arguments and returns its exit code.</summary>
    public static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        var project = typeof(MutantBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == "ProjectPath").Value!;
        var output = Path.Combine(Path.GetDirectoryName(project)!, "..", "..", "artifacts", "mutants");
        string[] build = ["run", "-c", "Release", "--project", project, "-p:Mutants=true", "-p:RunAnalyzers=false", $"-p:ArtifactsPath={Path.GetFullPath(output)}", "--"];
        using var run = Process.Start(new ProcessStartInfo("dotnet", build.Concat(arguments)))
            ?? throw new InvalidOperationException("'dotnet' did not start.");
        await run.WaitForExitAsync();
        return run.ExitCode;
    }
}
