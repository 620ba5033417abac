using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>How StackExchange.Redis is used.</summary>
internal static class LibraryConfiguration
{
    /// <exception cref="ValkeyConfigurationException">An option is unusable.</exception>
    public static ConfigurationOptions Create(ValkeyOptions options)
    {
        if (options.Addresses.Count == 0)
            throw new ValkeyConfigurationException("No Valkey server is named: set CACHE_ADDRS.");
        var configuration = new ConfigurationOptions();
        foreach (var address in options.Addresses)
            configuration.EndPoints.Add(address);

        // Start degraded and recover, rather than fail: the cache is no reason not to start.
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)options.DialTimeout.TotalMilliseconds;
        configuration.ConnectRetry = options.MaxRetries;
        configuration.SyncTimeout = (int)options.ReadTimeout.TotalMilliseconds;

        // While there is no connection a call fails at once, rather than wait in a queue for all of its time.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;

        // Looked at once a second. It is how long an attempt may take before it is given up for the next, and the pause between
        // attempts besides: long enough for a busy machine, short enough to be back within two seconds.
        configuration.ReconnectRetryPolicy = new LinearRetry(1500);
        configuration.KeepAlive = 5;

        // Who is primary is asked so often, beside what a MOVED tells: reads are sent to primaries only.
        configuration.ConfigCheckSeconds = 5;
        configuration.ClientName = options.ClientName;
        configuration.Password = options.Password;
        if (options.UserName is { } user)
            SignInAs(configuration, user);
        configuration.Ssl = options.UseTls;
        if (options.UseTls && options.CaCertificatePem is { } pem)
        {
            var trust = new ValkeyTrust(pem);
            configuration.CertificateValidation += (_, certificate, _, errors) => trust.Verify(certificate, errors);
        }

        return configuration;
    }

    /// <summary>As a user who may do no more than is needed: without what the library would ask for besides, and be refused.</summary>
    private static void SignInAs(ConfigurationOptions configuration, string user)
    {
        configuration.User = user;
        configuration.CommandMap = CommandMap.Create(new HashSet<string>(StringComparer.Ordinal) { "CONFIG" }, available: false);
        configuration.ConfigurationChannel = string.Empty;
        configuration.TieBreaker = string.Empty;
    }
}
