using System.Globalization;

namespace TenantPlatform.LocalServers.Tests.Processes;

/// <summary>What /proc says about processes.</summary>
internal static class ProcessTable
{
    /// <summary>The state letter (R, S, T, Z, …); <see langword="null"/>: no such process.</summary>
    public static char? StateOf(int processId) => Fields(processId)?[0][0];

    /// <summary>Whether it runs; one that ended but was not yet collected by its parent does not.</summary>
    public static bool IsAlive(int processId) => StateOf(processId) is { } state && state is not ('Z' or 'X');

    public static IReadOnlyList<int> ChildrenOf(int processId) =>
        [.. AllIds().Where(id => Fields(id)?[1] == processId.ToString(CultureInfo.InvariantCulture))];

    /// <summary>What the process's open files point to, such as <c>pipe:[123]</c>.</summary>
    public static IReadOnlyList<string> OpenFilesOf(int processId) =>
        [.. Directory.GetFiles($"/proc/{processId}/fd").Select(file => new FileInfo(file).LinkTarget ?? string.Empty)];

    /// <summary>What one open file of the process points to.</summary>
    public static string OpenFileOf(int processId, int descriptor) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd/{descriptor}")).LinkTarget ?? string.Empty;

    private static IEnumerable<int> AllIds() =>
        Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string[]? Fields(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
