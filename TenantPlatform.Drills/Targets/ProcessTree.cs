using System.Globalization;

namespace TenantPlatform.Drills;

/// <summary>Finds the service below the process that a resource shows.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// Below <c>dotnet run</c> and <c>dotnet watch</c> the program that they run; otherwise the process itself. Where there is no
    /// <c>/proc</c> it cannot be told.
    /// </summary>
    public static int Service(int pid)
    {
        while (IsWrapper(pid) && Children(pid) is [.., var child])
            pid = child;
        return pid;
    }

    private static bool IsWrapper(int pid) =>
        Read(pid, "cmdline")?.Split('\0') is [var program, .. var arguments]
        && Path.GetFileNameWithoutExtension(program) == "dotnet"
        && arguments.Any(argument => argument is "run" or "watch" || argument.EndsWith("dotnet-watch.dll", StringComparison.Ordinal));

    private static int[] Children(int pid) =>
        [.. (Read(pid, string.Create(CultureInfo.InvariantCulture, $"task/{pid}/children")) ?? string.Empty)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];

    private static string? Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
