namespace TenantPlatform.LocalServers;

/// <summary>How to run a Valkey server.</summary>
public sealed class ValkeyServerOptions
{
    /// <summary>The program, from <see cref="ServerLocator.FindValkeyAsync"/>.</summary>
    public required ServerBinary Binary { get; init; }

    /// <summary>The TCP port on 127.0.0.1; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>The password of the default user; <see langword="null"/>: none is asked for. No control characters.</summary>
    public string? Password { get; init; }

    /// <summary>Where data is kept across restarts, created if absent; <see langword="null"/>: nothing is kept.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Further lines of the configuration file.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    /// <summary>Called with every line that the server writes, on a pool thread.</summary>
    public Action<string>? Output { get; init; }
}
