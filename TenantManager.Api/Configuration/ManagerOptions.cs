using TenantManager.Contracts.Tokens;

namespace TenantManager.Api.Configuration;

/// <summary>What the tenant-manager is told at start. Holds secrets: never log it.</summary>
internal sealed record ManagerOptions
{
    /// <summary>Its own state.</summary>
    public required string StateConnectionString { get; init; }

    /// <summary>Administrator of the server on which tenants' databases are provisioned.</summary>
    public required string ServerConnectionString { get; init; }

    /// <summary>The host that services reach that server by.</summary>
    public required string DatabaseHost { get; init; }

    /// <summary>The port that services reach that server by.</summary>
    public required int DatabasePort { get; init; }

    /// <summary>The keys of the services that may call.</summary>
    public required IReadOnlyList<string> ApiKeys { get; init; }

    /// <summary>The console's key, which may act for its operators; null: no console does.</summary>
    public string? ConsoleKey { get; init; }

    /// <summary>The key that pods show for what they would answer a tenant on; null: they are not asked.</summary>
    public string? DiagnosticsKey { get; init; }

    /// <summary>The key that tenants' passwords are encrypted with at rest.</summary>
    public required byte[] SecretsKey { get; init; }

    /// <summary>The environment, as in the name of the events' channel.</summary>
    public required string EnvironmentName { get; init; }

    /// <summary>How long the audit log is kept; null for ever.</summary>
    public TimeSpan? AuditRetention { get; init; }

    /// <summary>How long a secret is cached.</summary>
    public TimeSpan SecretLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How administrators' tokens are verified.</summary>
    public required TokenVerificationOptions Tokens { get; init; }
}
