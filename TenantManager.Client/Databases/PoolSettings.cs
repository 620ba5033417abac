using System.Text.RegularExpressions;
using Npgsql;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Databases;

/// <summary>Turns a tenant's configuration into the settings of a database pool.</summary>
internal static partial class PoolSettings
{
    public const int DefaultOpen = 25;
    public const int DefaultIdle = 5;
    public const int MostOpen = 200;
    public const int MostIdle = 50;
    public const int MostPrepared = 64;

    /// <summary>The connection string of a module's primary database.</summary>
    /// <exception cref="TenantDatabaseUnavailableException">There is none, or a setting is unusable.</exception>
    public static string ConnectionString(TenantConfig config, string module, string applicationName, TimeSpan connectTimeout)
    {
        if (config.Databases is null || !config.Databases.TryGetValue(module, out var databases) || databases?.Postgres is not { } database)
            throw new TenantDatabaseUnavailableException($"The tenant has no PostgreSQL database for the module '{module}'.");

        if (string.IsNullOrEmpty(database.Host) || database.Port is < 1 or > 65535)
            throw new TenantDatabaseUnavailableException("The tenant's database has no host, or no valid port.");
        var limits = databases.ConnectionSettings ?? config.ConnectionSettings;
        var open = Bounded(limits?.MaxOpenConns, DefaultOpen, MostOpen);
        try
        {
            var builder = new NpgsqlConnectionStringBuilder
            {
                Host = database.Host,
                Port = database.Port,
                Database = database.Database,
                Username = database.Username,
                Password = database.Password,
                ApplicationName = applicationName,
                MaxPoolSize = open,
                MinPoolSize = Math.Min(open, Bounded(limits?.MaxIdleConns, DefaultIdle, MostIdle)),
                ConnectionIdleLifetime = 60,
                Timeout = (int)connectTimeout.TotalSeconds,
                PersistSecurityInfo = false,

                // What a service asks again and again is parsed and planned once per connection.
                MaxAutoPrepare = MostPrepared,
            };
            SetTls(builder, database);
            SetSearchPath(builder, config, database);
            if (limits?.StatementTimeout is { Length: > 0 } timeout)
                SetStatementTimeout(builder, timeout);
            return builder.ConnectionString;
        }
        catch (ArgumentException)
        {
            // Such as a NUL in a name. Without the cause, which may quote the value.
            throw new TenantDatabaseUnavailableException("The tenant's database settings cannot be used.");
        }
    }

    private static void SetTls(NpgsqlConnectionStringBuilder builder, PostgresDatabase database)
    {
        builder.SslMode = database.SslMode switch
        {
            null or "" or "disable" => SslMode.Disable,
            "allow" => SslMode.Allow,
            "prefer" => SslMode.Prefer,
            "require" => SslMode.Require,
            "verify-ca" => SslMode.VerifyCA,
            "verify-full" => SslMode.VerifyFull,
            _ => throw new TenantDatabaseUnavailableException("The database's sslmode is unknown: expected disable, allow, prefer, require, verify-ca or verify-full."),
        };
        builder.RootCertificate = database.SslRootCert;
        builder.SslCertificate = database.SslCert;
        builder.SslKey = database.SslKey;
    }

    private static void SetSearchPath(NpgsqlConnectionStringBuilder builder, TenantConfig config, PostgresDatabase database)
    {
        if (!string.Equals(config.IsolationMode, "schema", StringComparison.OrdinalIgnoreCase))
            return;
        if (database.Schema is not { } schema || !SchemaName().IsMatch(schema))
            throw new TenantDatabaseUnavailableException("The tenant is isolated by schema, but its schema's name is missing or invalid.");
        builder.SearchPath = schema;
    }

    private static void SetStatementTimeout(NpgsqlConnectionStringBuilder builder, string timeout)
    {
        if (!StatementTimeout().IsMatch(timeout))
            throw new TenantDatabaseUnavailableException("The statement timeout is invalid: expected digits and optionally us, ms, s, min, h or d.");
        builder.Options = $"-c statement_timeout={timeout}";
    }

    private static int Bounded(int? value, int otherwise, int most) => value is > 0 ? Math.Min(value.Value, most) : otherwise;

    // Linear in the text, so neither needs a time limit, which a process that is merely starved of processor time would exceed.
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SchemaName();

    [GeneratedRegex("^[0-9]+(us|ms|s|min|h|d)?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex StatementTimeout();
}
