using System.Globalization;
using Microsoft.Extensions.Configuration;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Settings;

namespace TenantManager.Client.Configuration;

/// <summary>Reads <see cref="TenantManagerClientOptions"/> from the <c>MULTI_TENANT_*</c> settings and checks them.</summary>
public static class TenantManagerSettings
{
    /// <summary>The longest that Npgsql takes, in seconds.</summary>
    private const int LongestConnect = 1024;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidSettingException">A setting is missing or wrong; the message names it.</exception>
    public static TenantManagerClientOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var read = new Reader(configuration);
        var options = new TenantManagerClientOptions { Enabled = read.Flag("MULTI_TENANT_ENABLED", otherwise: true) };
        if (!options.Enabled)
            return options;

        options.Address = Address(read);
        options.ServiceName = ServiceName(read);
        options.Module = read.Text("MULTI_TENANT_MODULE") ?? options.ServiceName;
        options.ApiKey = ApiKey(read);
        options.DiagnosticsKey = DiagnosticsKey(read);
        options.Timeout = read.Seconds("MULTI_TENANT_TIMEOUT", options.Timeout);
        options.AttemptTimeout = read.Seconds("MULTI_TENANT_ATTEMPT_TIMEOUT_SEC", options.AttemptTimeout);
        options.BreakerThreshold = read.Number("MULTI_TENANT_CIRCUIT_BREAKER_THRESHOLD", options.BreakerThreshold, atLeast: 0);
        options.BreakerTimeout = read.Seconds("MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC", options.BreakerTimeout);
        options.MaxTenantPools = read.Number("MULTI_TENANT_MAX_TENANT_POOLS", options.MaxTenantPools, atLeast: 1);
        options.PoolIdleTimeout = read.Seconds("MULTI_TENANT_IDLE_TIMEOUT_SEC", options.PoolIdleTimeout);
        options.DenialGracePeriod = read.Seconds("MULTI_TENANT_DENIAL_GRACE_SEC", options.DenialGracePeriod, zero: "cutting at once");
        options.ConnectTimeout = TimeSpan.FromSeconds(read.Number("MULTI_TENANT_CONNECT_TIMEOUT_SEC", (int)options.ConnectTimeout.TotalSeconds, atLeast: 1, atMost: LongestConnect));
        options.RevalidationInterval = read.Seconds("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", options.RevalidationInterval);
        options.FollowsChanges = read.Flag("MULTI_TENANT_CHANGE_FEED", options.FollowsChanges);
        options.SlowRevalidationInterval = SlowInterval(read, options);
        options.L1TimeToLive = read.Seconds("MULTI_TENANT_CACHE_L1_TTL_SEC", options.L1TimeToLive, zero: "never expiring");
        options.L2TimeToLive = read.Seconds("MULTI_TENANT_CACHE_L2_TTL_SEC", options.L2TimeToLive, zero: "never expiring");
        options.PodHeartbeat = PodHeartbeat(read, options.PodHeartbeat);
        options.PodName = PodName(read) ?? options.PodName;
        options.PodAddress = PodAddress(read);
        options.EnvironmentName = read.Text("ENV_NAME") ?? read.Text("ENVIRONMENT_NAME");
        return options;
    }

    private static Uri Address(Reader read)
    {
        const string Name = "MULTI_TENANT_URL";
        var text = read.Required(Name, "the tenant-manager's base address, such as 'https://tenant-manager'");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InvalidSettingException(Name, $"is '{text}': expected an address that starts with 'https://'.");
        if (address.Scheme == "http" && !read.Flag("MULTI_TENANT_ALLOW_INSECURE_HTTP", otherwise: false))
        {
            throw new InvalidSettingException(
                Name, "starts with 'http://', which sends the service's key in the clear: use 'https://', or set MULTI_TENANT_ALLOW_INSECURE_HTTP=true.");
        }

        // With a slash at its end, or resolving a path against it would drop its last segment.
        return address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + '/' }.Uri;
    }

    private static string ServiceName(Reader read)
    {
        const string Name = "MULTI_TENANT_SERVICE_NAME";
        var service = read.Required(Name, "the name under which tenants are associated with this service, such as 'ledger'");
        return TenantConfigKey.IsServiceName(service)
            ? service
            : throw new InvalidSettingException(Name, $"is '{service}': expected letters, digits, '_' and '-'.");
    }

    private static TimeSpan SlowInterval(Reader read, TenantManagerClientOptions options)
    {
        const string Name = "MULTI_TENANT_SLOW_CHECK_INTERVAL_SEC";
        var slow = read.Seconds(Name, options.SlowRevalidationInterval);
        if (slow >= options.RevalidationInterval)
            return slow;
        return read.Text(Name) is null
            ? options.RevalidationInterval
            : throw new InvalidSettingException(Name, "is shorter than MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC: it is how seldom a tenant is revalidated while the change feed tells of changes.");
    }

    private static TimeSpan PodHeartbeat(Reader read, TimeSpan otherwise)
    {
        const string Name = "MULTI_TENANT_POD_HEARTBEAT_SEC";
        var heartbeat = read.Seconds(Name, otherwise, zero: "not saying that this pod is there");
        return heartbeat == TimeSpan.Zero || (heartbeat >= TimeSpan.FromSeconds(1) && heartbeat <= TimeSpan.FromHours(1))
            ? heartbeat
            : throw new InvalidSettingException(Name, "must be 1 to 3600 seconds, or 0 for not saying that this pod is there.");
    }

    private static string? PodName(Reader read)
    {
        const string Name = "MULTI_TENANT_POD_NAME";
        const int Longest = 128;
        if (read.Text(Name) is not { } name)
            return null;
        return name.Length <= Longest && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw new InvalidSettingException(Name, $"is unusable: expected 1 to {Longest} letters, digits, '-', '_' and '.', and another one for each pod of the service.");
    }

    private static string? PodAddress(Reader read)
    {
        const string Name = "MULTI_TENANT_POD_ADDRESS";
        if (read.Text(Name) is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? text
            : throw new InvalidSettingException(Name, "is unusable: expected an address that starts with 'http://' or 'https://' and holds no password.");
    }

    private static string? DiagnosticsKey(Reader read)
    {
        const string Name = "MULTI_TENANT_DIAGNOSTICS_KEY";
        const int Shortest = 16;
        if (read.Text(Name) is not { } key)
            return null;
        return key.Length >= Shortest && CanTravel(key)
            ? key
            : throw new InvalidSettingException(Name, $"is unusable: use {Shortest} or more characters of printable ASCII without spaces.");
    }

    private static string ApiKey(Reader read)
    {
        const string Name = "MULTI_TENANT_SERVICE_API_KEY";
        var key = read.Required(Name, "the key that the tenant-manager knows this service by");

        // Checked here, because the refusal of a header's value quotes the value.
        return CanTravel(key)
            ? key
            : throw new InvalidSettingException(Name, "holds characters that cannot travel in a header: use printable ASCII without spaces.");
    }

    private static bool CanTravel(string key) => key.All(c => c is > ' ' and <= '~');

    private sealed class Reader(IConfiguration configuration)
    {
        public string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        public string Required(string name, string what) => Text(name) ?? throw new InvalidSettingException(name, $"is not set: it is {what}.");

        public bool Flag(string name, bool otherwise) => Text(name)?.ToUpperInvariant() switch
        {
            null => otherwise,
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => throw new InvalidSettingException(name, "must be 'true' or 'false'."),
        };

        public int Number(string name, int otherwise, int atLeast, int atMost = int.MaxValue)
        {
            if (Text(name) is not { } text)
                return otherwise;
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= atLeast && number <= atMost
                ? number
                : throw new InvalidSettingException(name, $"is '{text}': expected a whole number of at least {atLeast}{(atMost < int.MaxValue ? $" and at most {atMost}" : string.Empty)}.");
        }

        /// <param name="name">The setting.</param>
        /// <param name="otherwise">What it is when not set.</param>
        /// <param name="zero">What 0 means; null when it is refused.</param>
        public TimeSpan Seconds(string name, TimeSpan otherwise, string? zero = null)
        {
            if (Text(name) is not { } text)
                return otherwise;
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                && (seconds > 0 || (zero is not null && seconds == 0))
                && seconds < TimeSpan.FromDays(3650).TotalSeconds
                    ? TimeSpan.FromSeconds(seconds)
                    : throw new InvalidSettingException(name, $"is '{text}': expected a number of seconds{(zero is null ? " above 0" : $", 0 for {zero}")}.");
        }
    }
}
