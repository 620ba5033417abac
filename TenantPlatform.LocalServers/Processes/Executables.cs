namespace TenantPlatform.LocalServers.Processes;

/// <summary>Finds programs the way a shell does.</summary>
public static class Executables
{
    /// <summary>The full path of a program: a path is taken as it is, a bare name is looked up in <c>PATH</c>; <see langword="null"/> when there is none.</summary>
    public static string? Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
            return IsExecutable(name) ? Path.GetFullPath(name) : null;
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries);
        return directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(IsExecutable);
    }

    /// <summary>Likewise; a missing program is an error.</summary>
    /// <exception cref="FileNotFoundException">There is no such program; the message names it.</exception>
    public static string Require(string name) =>
        Find(name) ?? throw new FileNotFoundException($"The program '{name}' was not found or is not executable. Install it or correct PATH.", name);

    private static bool IsExecutable(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (File.GetUnixFileMode(path) & execute) != UnixFileMode.None;
    }
}
