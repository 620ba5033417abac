using System.Security.Cryptography;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>A directory that is deleted when it is disposed or, at the latest, seconds after this process is gone, however it went.</summary>
public sealed class TemporaryDirectory : IAsyncDisposable
{
    private const int DeleteAttempts = 20;
    private static readonly TimeSpan DeletePause = TimeSpan.FromMilliseconds(50);

    private TemporaryDirectory(string path) => FullPath = path;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Creates an empty directory that only its owner can enter.</summary>
    /// <param name="owner">Who owns it; <see langword="null"/>: the user of this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TemporaryDirectory> CreateAsync(UnixUser? owner = null, CancellationToken cancellationToken = default)
    {
        // Short: a Unix socket's path must fit into about 100 bytes.
        var root = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        if (root.Length > 40 || (owner is not null && !UnixUser.CanReach(Path.Combine(root, "x"))))
            root = "/tmp";
        var path = Path.Combine(root, $"tenant-platform-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        await Guardian.Shared.WatchAsync(path, cancellationToken);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (owner is not null)
            UnixProcess.ChangeOwner(path, owner);
        return new TemporaryDirectory(path);
    }

    /// <summary>Deletes it with all it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var attempt = 1; Directory.Exists(FullPath); attempt++)
        {
            try
            {
                Directory.Delete(FullPath, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && attempt < DeleteAttempts)
            {
                // A process that was just killed may still be writing its last file.
                await Task.Delay(DeletePause);
            }
        }

        await Guardian.Shared.ForgetAsync(FullPath);
    }
}
