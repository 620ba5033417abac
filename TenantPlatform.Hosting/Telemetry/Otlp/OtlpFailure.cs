namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Why a message was not taken.</summary>
/// <param name="Status">The HTTP status that says so.</param>
/// <param name="Reason">What is wrong, and what to do.</param>
internal sealed record OtlpFailure(int Status, string Reason);
