using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Events;

/// <summary>The union of the fields that service-level events carry; absent ones are null.</summary>
public sealed record ServiceEventPayload
{
    /// <summary>The service concerned. A service ignores events of other services.</summary>
    [JsonPropertyName("service_name")]
    public string? ServiceName { get; init; }

    /// <summary>How the tenant's data is isolated.</summary>
    [JsonPropertyName("isolation_mode")]
    public string? IsolationMode { get; init; }

    /// <summary>The modules of the association.</summary>
    [JsonPropertyName("modules")]
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary>The module concerned.</summary>
    [JsonPropertyName("module")]
    public string? Module { get; init; }

    /// <summary>The state before the change.</summary>
    [JsonPropertyName("previous_status")]
    public string? PreviousStatus { get; init; }

    /// <summary>Whether reactivation provisioned anew.</summary>
    [JsonPropertyName("re_provisioned")]
    public bool? ReProvisioned { get; init; }

    /// <summary>Whether the data outlives the disassociation.</summary>
    [JsonPropertyName("preserve_data")]
    public bool? PreserveData { get; init; }

    /// <summary>What kind of credential was rotated, such as <c>postgresql</c>.</summary>
    [JsonPropertyName("credential_type")]
    public string? CredentialType { get; init; }

    /// <summary>Where the new credential is kept; never the credential.</summary>
    [JsonPropertyName("new_secret_path")]
    public string? NewSecretPath { get; init; }

    /// <summary>Where secrets are kept, by name; carried through unchanged.</summary>
    [JsonPropertyName("secret_paths")]
    public JsonElement? SecretPaths { get; init; }

    /// <summary>Messaging settings, carried through unchanged.</summary>
    [JsonPropertyName("messaging_config")]
    public JsonElement? MessagingConfig { get; init; }

    /// <summary>Pool limits of the association, carried through unchanged.</summary>
    [JsonPropertyName("connection_settings")]
    public JsonElement? ConnectionSettings { get; init; }

    /// <summary>New limit of open connections.</summary>
    [JsonPropertyName("max_open_conns")]
    public int? MaxOpenConns { get; init; }

    /// <summary>New limit of idle connections.</summary>
    [JsonPropertyName("max_idle_conns")]
    public int? MaxIdleConns { get; init; }

    /// <summary>New statement timeout.</summary>
    [JsonPropertyName("statement_timeout")]
    public string? StatementTimeout { get; init; }

    /// <summary>Why the cache is to be invalidated.</summary>
    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The service and module only: other fields may say more than a log should.</summary>
    public override string ToString() => $"service {ServiceName} module {Module}";
}
