namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>A message is not what its sender says, or exceeds a limit. Caught by the receiver, answered with 400.</summary>
internal sealed class MalformedMessageException(string message) : Exception(message);
