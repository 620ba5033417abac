using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Versions;

/// <summary>
/// What starts each pod: a link of its own to the one build or the other. Aspire keeps the command that a resource was given,
/// so a pod that is started anew is of another version only if what the command names has changed.
/// </summary>
internal sealed class PodPrograms : IDisposable
{
    private const string Service = "Ledger.Api";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fault-runs-pods-");
    private readonly Dictionary<PodVersion, string> _roots;
    private readonly Dictionary<string, PodVersion> _versions = new(StringComparer.Ordinal);

    /// <param name="present">The root of this version's checkout.</param>
    /// <param name="other">The root of the other version's checkout, in which the ledger has been built for release.</param>
    /// <param name="pods">The pods' names. All of them are of the present version until told otherwise.</param>
    /// <exception cref="FileNotFoundException">It has not been built there.</exception>
    public PodPrograms(string present, string other, IEnumerable<string> pods)
    {
        _roots = new() { [PodVersion.Present] = Path.GetFullPath(present), [PodVersion.Other] = Path.GetFullPath(other) };
        foreach (var (version, root) in _roots)
        {
            if (!File.Exists(ProgramIn(root)))
                throw new FileNotFoundException($"The {(version == PodVersion.Other ? "other" : "present")} version has no {ProgramIn(root)}: build it with 'dotnet build {Service} -c Release'.");
        }

        foreach (var pod in pods)
            Choose(pod, PodVersion.Present);
    }

    /// <summary>The program of each pod and the folder that it is started in.</summary>
    public IReadOnlyDictionary<string, PodProgram> Programs => _versions.Keys.ToDictionary(pod => pod, pod => new PodProgram(ProgramLink(pod), FolderLink(pod)), StringComparer.Ordinal);

    /// <summary>Which version a pod is, once it has been started since it was chosen.</summary>
    public PodVersion Of(string pod) => _versions[pod];

    /// <summary>Makes the pod's next process one of this version.</summary>
    public void Choose(string pod, PodVersion version)
    {
        // No script between them: a shell drops variables whose names it does not like. Settings are read from the folder.
        File.Delete(ProgramLink(pod));
        File.CreateSymbolicLink(ProgramLink(pod), ProgramIn(_roots[version]));
        File.Delete(FolderLink(pod));
        Directory.CreateSymbolicLink(FolderLink(pod), Path.Combine(_roots[version], Service));
        _versions[pod] = version;
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private string ProgramLink(string pod) => Path.Combine(_directory.FullName, pod);

    private string FolderLink(string pod) => Path.Combine(_directory.FullName, $"{pod}.folder");

    private static string ProgramIn(string root) => Path.Combine(root, "artifacts", "bin", Service, "release", Service);
}
