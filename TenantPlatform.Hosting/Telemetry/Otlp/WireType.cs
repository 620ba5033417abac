namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>How a protobuf field is laid out. Groups (3, 4) are not part of OTLP and are refused.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
