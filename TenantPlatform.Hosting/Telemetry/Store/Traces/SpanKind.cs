namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>A span's place in a call, numbered as OTLP does.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}
