using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>How StackExchange.Redis is used.</summary>
internal static class LibraryConfiguration
{
    /// <summary>Which is the case in newer versions only.</summary>
    private static readonly bool KnowsUsers = typeof(ConfigurationOptions).GetProperty("User") is not null;

    /// <summary>Whether the library cannot sign in by itself.</summary>
    public static bool NeedsRelay(ValkeyOptions options) => options.UserName is not null && !CanSignIn(options.UserName);

    /// <exception cref="ValkeyConfigurationException">An option is unusable.</exception>
    public static ConfigurationOptions Create(ValkeyOptions options)
    {
        if (options.Addresses.Count == 0)
            throw new ValkeyConfigurationException("No Valkey server is named: set CACHE_ADDRS.");
        var configuration = options.UserName is null ? new ConfigurationOptions() : WithUser(options.UserName);
        foreach (var address in options.Addresses)
            configuration.EndPoints.Add(address);

        // Start degraded and recover, rather than fail: the cache is no reason not to start.
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)options.DialTimeout.TotalMilliseconds;
        configuration.ConnectRetry = options.MaxRetries;
        configuration.SyncTimeout = (int)options.ReadTimeout.TotalMilliseconds;

        // Looked at once a second. It is how long an attempt may take before it is given up for the next, and in newer versions
        // the pause between attempts besides: long enough for a busy machine, short enough to be back within two seconds.
        configuration.ReconnectRetryPolicy = new LinearRetry(1500);
        configuration.KeepAlive = 5;

        // Who is primary is asked so often, beside what a MOVED tells: reads are sent to primaries only.
        configuration.ConfigCheckSeconds = 5;
        configuration.ClientName = options.ClientName;
        configuration.Password = options.Password;
        configuration.Ssl = options.UseTls;
        if (options.UseTls && options.CaCertificatePem is { } pem)
        {
            var trust = new ValkeyTrust(pem);
            configuration.CertificateValidation += (_, certificate, _, errors) => trust.Verify(certificate, errors);
        }

        return configuration;
    }

    /// <summary>For a user who may do no more than is needed: without what the library would ask for besides, and be refused.</summary>
    private static ConfigurationOptions WithUser(string user)
    {
        // By text: the property exists only in newer versions.
        var configuration = CanSignIn(user) ? ConfigurationOptions.Parse($"user={user}", ignoreUnknown: false) : new ConfigurationOptions();
        configuration.CommandMap = CommandMap.Create(new HashSet<string>(StringComparer.Ordinal) { "CONFIG" }, available: false);
        configuration.ConfigurationChannel = string.Empty;
        configuration.TieBreaker = string.Empty;
        return configuration;
    }

    /// <summary>A comma would end the name in the middle.</summary>
    private static bool CanSignIn(string user) => KnowsUsers && !user.Contains(',', StringComparison.Ordinal);
}
