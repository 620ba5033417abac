namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Decodes a message and stores what it says.</summary>
internal delegate void MessageHandler(ReadOnlySpan<byte> message, DecodingContext context);
