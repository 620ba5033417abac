using TenantPlatform.Hosting.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.Dashboard.Tests.Browser;

/// <summary>Finds Chromium: installed, or unpacked by <c>eng/unpack-servers chromium</c>, on first use.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly string[] Installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Where the browser is, and the variables that it needs.</summary>
    /// <exception cref="InvalidOperationException">There is none; the message says what to do.</exception>
    public static async Task<(string Path, IReadOnlyDictionary<string, string> Environment)> FindAsync()
    {
        if (Array.Find(Installed, File.Exists) is { } installed)
            return (installed, new Dictionary<string, string>());
        var root = Repository.Root;
        var home = Path.Combine(root, ".tools", "chromium");
        if (!File.Exists(Path.Combine(home, "complete")))
        {
            var result = await ChildCommand.RunAsync(new ChildProcessOptions { FileName = Path.Combine(root, "eng", "unpack-servers"), Arguments = ["chromium"] }, Limit, CancellationToken.None);
            if (result.ExitCode != 0)
                throw new InvalidOperationException($"No Chromium: install the package 'chromium', or see why eng/unpack-servers failed: {result.Output}");
        }

        var libraries = Directory.EnumerateFiles(home, "lib*.so*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetDirectoryName(file)!).Distinct(StringComparer.Ordinal);
        return (Path.Combine(home, "usr", "lib", "chromium", "chromium"), new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = string.Join(':', libraries) });
    }
}
