using System.Text.Json;
using System.Text.Json.Serialization;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>Writes a point as <c>[time, value]</c>; a missing value is null.</summary>
internal sealed class ChartPointConverter : JsonConverter<ChartPoint>
{
    public override ChartPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Points are only written.");

    public override void Write(Utf8JsonWriter writer, ChartPoint value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Time);
        if (double.IsFinite(value.Value))
            writer.WriteNumberValue(value.Value);
        else
            writer.WriteNullValue();
        writer.WriteEndArray();
    }
}
