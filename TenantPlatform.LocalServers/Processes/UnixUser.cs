using System.Globalization;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>A local user account that a child process can run as.</summary>
/// <param name="Name">The login name.</param>
/// <param name="UserId">Its numeric id.</param>
/// <param name="GroupId">Its primary group's numeric id.</param>
public sealed record UnixUser(string Name, uint UserId, uint GroupId)
{
    private const string AccountFile = "/etc/passwd";

    /// <summary>Looks a local account up by name; <see langword="null"/> when there is none.</summary>
    public static UnixUser? Find(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!File.Exists(AccountFile))
            return null;
        foreach (var line in File.ReadLines(AccountFile))
        {
            var fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == name
                && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out var userId)
                && uint.TryParse(fields[3], CultureInfo.InvariantCulture, out var groupId))
            {
                return new UnixUser(name, userId, groupId);
            }
        }

        return null;
    }

    /// <summary>Whether this user can reach a path: every directory above it lets others pass. Group membership is not considered.</summary>
    public static bool CanReach(string path)
    {
        for (var directory = Path.GetDirectoryName(Path.GetFullPath(path)); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Directory.Exists(directory) && !File.GetUnixFileMode(directory).HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }
}
