using System.Globalization;
using System.Net;
using Cache.Core.Valkey.Ring;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>
/// Reads <see cref="ValkeyOptions"/> from configuration. <c>ConnectionStrings:valkey</c> wins; then <c>CACHE_ADDRS</c> and its
/// companions; then, with a deprecation, <c>REDIS_HOST</c> or <c>MULTI_TENANT_REDIS_HOST</c> and theirs.
/// </summary>
public static class ValkeySettings
{
    private const string DefaultConnection = "valkey";

    /// <summary>Whether any of the sources names a server.</summary>
    public static bool IsConfigured(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Present(configuration.GetConnectionString(DefaultConnection))
            || Present(configuration["CACHE_ADDRS"])
            || Present(configuration["REDIS_HOST"])
            || Present(configuration["MULTI_TENANT_REDIS_HOST"]);
    }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ValkeyConfigurationException">One is missing or wrong; the message names it.</exception>
    public static ValkeyOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = Common(configuration);
        if (configuration.GetConnectionString(DefaultConnection) is { } connectionString && Present(connectionString))
            FromConnectionString(options, DefaultConnection, connectionString);
        else if (Present(configuration["CACHE_ADDRS"]))
            FromAddresses(options, configuration);
        else if (!FromDeprecated(options, configuration, "REDIS") && !FromDeprecated(options, configuration, "MULTI_TENANT_REDIS"))
            throw new ValkeyConfigurationException("CACHE_ADDRS is missing: set it to the address of Valkey, such as 'valkey:6379'.");
        RingSettings.Check(options);
        return options;
    }

    /// <summary>Reads one named connection, and what concerns every connection.</summary>
    internal static ValkeyOptions Read(IConfiguration configuration, string connectionName)
    {
        var options = Common(configuration);
        if (configuration.GetConnectionString(connectionName) is not { } connectionString || !Present(connectionString))
            throw new ValkeyConfigurationException($"ConnectionStrings:{connectionName} is missing: set it to the address of Valkey, such as 'valkey:6379', or reference the resource in the app host.");
        FromConnectionString(options, connectionName, connectionString);
        RingSettings.Check(options);
        return options;
    }

    private static ValkeyOptions Common(IConfiguration configuration) =>
        new()
        {
            Mode = Mode(configuration["CACHE_MODE"]),
            MaxRetries = Number(configuration, "CACHE_MAX_RETRIES", 3, atLeast: 0),
            PoolSize = Number(configuration, "CACHE_POOL_SIZE", 10, atLeast: 1),
            DialTimeout = Duration(configuration, "CACHE_DIAL_TIMEOUT", TimeSpan.FromSeconds(5)),
            ReadTimeout = Duration(configuration, "CACHE_READ_TIMEOUT", TimeSpan.FromSeconds(3)),
            WriteTimeout = Duration(configuration, "CACHE_WRITE_TIMEOUT", TimeSpan.FromSeconds(3)),
            CaCertificatePem = Certificate(configuration["CACHE_CA_CERT_BASE64"]),
            IsRequired = Flag("CACHE_REQUIRED", configuration["CACHE_REQUIRED"]),
            EncryptionKeys = Keys(configuration[Formats.EncryptionKeys.Variable]),
        };

    private static void FromConnectionString(ValkeyOptions options, string name, string connectionString)
    {
        // The user is read here: not every version of the library knows it.
        var parts = connectionString.Split(',').ToLookup(part => part.Split('=')[0].Trim().Equals("user", StringComparison.OrdinalIgnoreCase));
        ConfigurationOptions parsed;
        try
        {
            parsed = ConfigurationOptions.Parse(string.Join(',', parts[false]));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Its message may quote the text, which holds the password.
            throw new ValkeyConfigurationException($"ConnectionStrings:{name} cannot be read: expected 'host:port,user=…,password=…,ssl=true'.");
        }

        if (parsed.EndPoints.Count == 0)
            throw new ValkeyConfigurationException($"ConnectionStrings:{name} names no server: expected 'host:port,user=…,password=…,ssl=true'.");
        options.Addresses = [.. parsed.EndPoints.Select(Text)];
        options.UserName = Empty(parts[true].LastOrDefault()?.Split('=', 2) is [_, var user] ? user.Trim() : null);
        options.Password = parsed.Password;
        options.UseTls = parsed.Ssl;
    }

    private static void FromAddresses(ValkeyOptions options, IConfiguration configuration)
    {
        var addresses = configuration["CACHE_ADDRS"]!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (options.Mode == ValkeyMode.Ring)
            addresses = RingSettings.TakeWeights(options, "CACHE_ADDRS", addresses);
        options.Addresses = [.. addresses.Select(address => Address("CACHE_ADDRS", address))];
        if (options.Addresses.Count == 0)
            throw new ValkeyConfigurationException("CACHE_ADDRS names no server: expected 'host:port', several separated by commas.");
        options.UserName = Empty(configuration["CACHE_USERNAME"]);
        options.Password = Empty(configuration["CACHE_PASSWORD"]);
        options.UseTls = Flag("CACHE_TLS_ENABLED", configuration["CACHE_TLS_ENABLED"]);
    }

    private static bool FromDeprecated(ValkeyOptions options, IConfiguration configuration, string prefix)
    {
        if (configuration[$"{prefix}_HOST"] is not { } host || !Present(host))
            return false;
        var address = host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{Number(configuration, $"{prefix}_PORT", 6379, atLeast: 1)}";
        options.Addresses = [Address($"{prefix}_HOST", address)];
        options.Password = Empty(configuration[$"{prefix}_PASSWORD"]);
        options.UseTls = Flag($"{prefix}_TLS", configuration[$"{prefix}_TLS"]);
        options.Deprecations = [$"{prefix}_HOST and its companions are deprecated: set CACHE_ADDRS instead."];
        return true;
    }

    private static ValkeyMode Mode(string? text) => text?.ToUpperInvariant() switch
    {
        null or "" or "SINGLE" => ValkeyMode.Single,
        "CLUSTER" => ValkeyMode.Cluster,
        "RING" => ValkeyMode.Ring,
        _ => throw new ValkeyConfigurationException($"CACHE_MODE is '{text}': expected 'single', 'cluster' or 'ring'."),
    };

    private static string Address(string variable, string text)
    {
        var separator = text.LastIndexOf(':');
        return separator > 0
            && int.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
                ? text
                : throw new ValkeyConfigurationException($"{variable} holds '{text}': expected 'host:port'.");
    }

    private static string? Certificate(string? base64)
    {
        if (!Present(base64))
            return null;
        var buffer = new byte[base64!.Length];
        if (!Convert.TryFromBase64String(base64, buffer, out var length))
            throw new ValkeyConfigurationException("CACHE_CA_CERT_BASE64 is not base64: expected a PEM file encoded as base64.");
        var pem = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        return pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)
            ? pem
            : throw new ValkeyConfigurationException("CACHE_CA_CERT_BASE64 holds no PEM certificate ('-----BEGIN CERTIFICATE-----').");
    }

    private static string? Keys(string? text) => Formats.EncryptionKeys.Parse(text) is null ? null : text;

    private static int Number(IConfiguration configuration, string variable, int otherwise, int atLeast)
    {
        var text = configuration[variable];
        if (!Present(text))
            return otherwise;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= atLeast
            ? value
            : throw new ValkeyConfigurationException($"{variable} is '{text}': expected a whole number of at least {atLeast}.");
    }

    private static TimeSpan Duration(IConfiguration configuration, string variable, TimeSpan otherwise)
    {
        var text = configuration[variable];
        if (!Present(text))
            return otherwise;
        return Durations.TryParse(text!, out var value) && value > TimeSpan.Zero
            ? value
            : throw new ValkeyConfigurationException($"{variable} is '{text}': expected a duration such as '500ms' or '3s'.");
    }

    private static bool Flag(string variable, string? text) => text?.ToUpperInvariant() switch
    {
        null or "" or "FALSE" or "0" => false,
        "TRUE" or "1" => true,
        _ => throw new ValkeyConfigurationException($"{variable} is '{text}': expected 'true' or 'false'."),
    };

    private static string Text(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => $"{dns.Host}:{(dns.Port == 0 ? 6379 : dns.Port)}",
        IPEndPoint ip => $"{ip.Address}:{(ip.Port == 0 ? 6379 : ip.Port)}",
        _ => endPoint.ToString()!,
    };

    private static bool Present(string? text) => !string.IsNullOrWhiteSpace(text);

    private static string? Empty(string? text) => Present(text) ? text : null;
}
