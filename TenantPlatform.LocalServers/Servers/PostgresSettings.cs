using System.Globalization;

namespace TenantPlatform.LocalServers;

/// <summary>The settings that a server is started with.</summary>
internal static class PostgresSettings
{
    /// <summary>How many clients it accepts. Each pod has a pool for each tenant: PostgreSQL's own 100 are soon used up.</summary>
    public const int MaxConnections = 1000;

    /// <summary>The settings as arguments.</summary>
    /// <param name="further">Settings on top of ours.</param>
    /// <param name="isKept">Whether the data must survive a crash.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="socketDirectory">Where its Unix socket is.</param>
    public static IEnumerable<string> Arguments(IReadOnlyDictionary<string, string> further, bool isKept, int port, string socketDirectory)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = socketDirectory,
            ["max_connections"] = MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "64MB",
            ["log_timezone"] = "UTC",
            ["timezone"] = "UTC",
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",

            // In files of the data directory: shared memory of a killed server would stay behind.
            ["dynamic_shared_memory_type"] = "mmap",
        };
        if (!isKept)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
            settings["autovacuum_naptime"] = "1h";
        }

        foreach (var (name, value) in further)
            settings[name] = value;
        return settings.SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"]);
    }
}
