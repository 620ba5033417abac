using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts;

/// <summary>Writes moments as RFC 3339 the way Go does: UTC as <c>Z</c>, no trailing zeros. Reads any offset.</summary>
internal sealed class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        // A DateTime of kind UTC is written with Z, a DateTimeOffset never.
        if (value.Offset == TimeSpan.Zero)
            writer.WriteStringValue(value.UtcDateTime);
        else
            writer.WriteStringValue(value);
    }
}
