using System.Buffers.Binary;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Identifiers and times as OTLP sends them.</summary>
internal static class WireValues
{
    /// <summary>Nanoseconds since 1970, no later than a <see cref="long"/> can say (the year 2262).</summary>
    public static long Nanoseconds(ulong value) => (long)Math.Min(value, long.MaxValue);

    /// <summary>A count, no more than a <see cref="long"/> can say.</summary>
    public static long Count(ulong value) => (long)Math.Min(value, long.MaxValue);

    /// <summary>A trace's id; zero, which is none, unless it has 16 bytes.</summary>
    public static UInt128 TraceId(ReadOnlySpan<byte> bytes) => bytes.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;

    /// <summary>A span's id; zero, which is none, unless it has 8 bytes.</summary>
    public static ulong SpanId(ReadOnlySpan<byte> bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
}
