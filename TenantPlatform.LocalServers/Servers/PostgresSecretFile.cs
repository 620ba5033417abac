using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>A file that hands a secret to one of PostgreSQL's tools: readable by its user alone.</summary>
internal static class PostgresSecretFile
{
    public static async Task<string> WriteAsync(string path, string secret, UnixUser? user, CancellationToken cancellationToken)
    {
        var open = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var writer = new StreamWriter(path, open))
            await writer.WriteLineAsync(secret.AsMemory(), cancellationToken);
        if (user is not null)
            UnixProcess.ChangeOwner(path, user);
        return path;
    }
}
