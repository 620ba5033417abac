using System.Globalization;
using System.Text;
using Npgsql;
using TenantManager.Contracts.Settings;
using TenantManager.Contracts.Tokens;

namespace TenantManager.Api.Configuration;

/// <summary>Reads <see cref="ManagerOptions"/>; every problem is reported at start, by the variable's name.</summary>
internal static class ManagerSettings
{
    private const int ShortestApiKey = 16;
    private const int ShortestSecretsKey = 32;

    /// <summary>The database refuses to delete anything younger.</summary>
    private const int ShortestAuditRetention = 30;

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(30);

    /// <exception cref="InvalidSettingException">A setting is missing or wrong.</exception>
    public static ManagerOptions Read(IConfiguration configuration, bool isDevelopment)
    {
        var server = ConnectionString(configuration, "postgres", "the administrator's connection to the server on which tenants are provisioned");
        var apiKeys = ApiKeys(configuration, "TENANT_MANAGER_API_KEYS");
        return new ManagerOptions
        {
            StateConnectionString = ConnectionString(configuration, "tenant-manager", "the connection to the tenant-manager's own database").ConnectionString,
            ServerConnectionString = server.ConnectionString,
            DatabaseHost = Text(configuration, "TENANT_MANAGER_DATABASE_HOST") ?? server.Host!,
            DatabasePort = Port(configuration, "TENANT_MANAGER_DATABASE_PORT") ?? server.Port,
            ApiKeys = apiKeys,
            ConsoleKey = ConsoleKey(configuration, "TENANT_MANAGER_CONSOLE_KEY", apiKeys),
            DiagnosticsKey = OptionalKey(configuration, "MULTI_TENANT_DIAGNOSTICS_KEY"),
            SecretsKey = SecretsKey(configuration, "TENANT_MANAGER_SECRETS_KEY"),
            EnvironmentName = Text(configuration, "ENV_NAME") ?? Text(configuration, "ENVIRONMENT_NAME")
                ?? throw new InvalidSettingException("ENV_NAME", "is not set: it names the environment in which lifecycle events are published, such as 'staging'."),
            AuditRetention = Days(configuration, "TENANT_MANAGER_AUDIT_RETENTION_DAYS"),
            SecretLifetime = Lifetime(configuration, "MULTI_TENANT_CACHE_TTL") ?? TimeSpan.FromHours(24),
            Tokens = TokenSettings.Read(name => configuration[name], isDevelopment),
        };
    }

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static NpgsqlConnectionStringBuilder ConnectionString(IConfiguration configuration, string name, string what)
    {
        var setting = $"ConnectionStrings__{name}";
        var text = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(text))
            throw new InvalidSettingException(setting, $"is not set: it is {what}, such as 'Host=…;Username=…;Password=…'.");
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text) { PersistSecurityInfo = false };
            return builder.Host is null ? throw new InvalidSettingException(setting, "names no host.") : builder;
        }
        catch (ArgumentException)
        {
            // Its message may quote a part that holds the password.
            throw new InvalidSettingException(setting, "cannot be read: expected 'Host=…;Port=…;Username=…;Password=…'.");
        }
    }

    private static int? Port(IConfiguration configuration, string name)
    {
        if (Text(configuration, name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new InvalidSettingException(name, "must be a TCP port, 1 to 65535.");
    }

    private static TimeSpan? Days(IConfiguration configuration, string name)
    {
        if (Text(configuration, name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= ShortestAuditRetention and <= 36500
            ? TimeSpan.FromDays(days)
            : throw new InvalidSettingException(name, $"must be a number of days, at least {ShortestAuditRetention}; unset, the audit log is kept for ever.");
    }

    private static TimeSpan? Lifetime(IConfiguration configuration, string name)
    {
        if (Text(configuration, name) is not { } text)
            return null;
        return DurationText.TryParse(text, out var lifetime) && lifetime >= TimeSpan.FromSeconds(1) && lifetime <= LongestLifetime
            ? lifetime
            : throw new InvalidSettingException(name, $"must be seconds or a duration such as '24h', from 1s to {LongestLifetime.TotalDays} days.");
    }

    private static string[] ApiKeys(IConfiguration configuration, string name)
    {
        var keys = (Text(configuration, name) ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length == 0)
            throw new InvalidSettingException(name, "is not set: it lists the keys of the services that may call, separated by commas.");
        return keys.All(key => key.Length >= ShortestApiKey)
            ? keys
            : throw new InvalidSettingException(name, $"holds a key of fewer than {ShortestApiKey} characters.");
    }

    private static string? ConsoleKey(IConfiguration configuration, string name, string[] others) =>
        OptionalKey(configuration, name) is not { } key ? null
        : !others.Contains(key, StringComparer.Ordinal) ? key
        : throw new InvalidSettingException(name, "is one of TENANT_MANAGER_API_KEYS: services that have it could name any operator.");

    private static string? OptionalKey(IConfiguration configuration, string name) =>
        Text(configuration, name) is not { } key ? null
        : key.Length >= ShortestApiKey && key.All(static c => c is > ' ' and < '\x7f') ? key
        : throw new InvalidSettingException(name, $"must be at least {ShortestApiKey} characters, ASCII without spaces.");

    private static byte[] SecretsKey(IConfiguration configuration, string name)
    {
        var text = Text(configuration, name)
            ?? throw new InvalidSettingException(name, "is not set: tenants' passwords are encrypted with it at rest.");
        var key = Encoding.UTF8.GetBytes(text);
        return key.Length >= ShortestSecretsKey
            ? key
            : throw new InvalidSettingException(name, $"is {key.Length} bytes long in UTF-8; at least {ShortestSecretsKey} are required.");
    }
}
