namespace TenantPlatform.LocalServers;

/// <summary>How to run a PostgreSQL server.</summary>
public sealed class PostgresServerOptions
{
    /// <summary>The program, from <see cref="ServerLocator.FindPostgresAsync"/>; the tools beside it are used too.</summary>
    public required ServerBinary Binary { get; init; }

    /// <summary>The superuser's password; set anew when a kept data directory has another one.</summary>
    public required string Password { get; init; }

    /// <summary>The superuser's name.</summary>
    public string UserName { get; init; } = "postgres";

    /// <summary>The TCP port on 127.0.0.1; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Where data is kept across restarts, created if absent; <see langword="null"/>: nothing is kept, and nothing waits for the disk.
    /// When we are root and the user that PostgreSQL runs as cannot reach it, a directory under <c>/var/lib/tenant-platform</c> is used instead.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>Settings on top of ours, by name. Visible on the command line: never a secret.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Called with every line that the server writes, on a pool thread.</summary>
    public Action<string>? Output { get; init; }
}
