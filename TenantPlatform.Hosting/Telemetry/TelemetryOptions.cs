using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry;

/// <summary>How telemetry is received and kept.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>What senders must give in the header <c>x-otlp-api-key</c>; null: nothing.</summary>
    public string? ApiKey { get; set; }

    /// <summary>What a sender may ask of the receiver.</summary>
    public OtlpLimits Otlp { get; set; } = new();

    /// <summary>What is kept.</summary>
    public TelemetryLimits Store { get; set; } = new();
}
