using System.Text.Json;
using System.Text.Json.Serialization;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>Writes attributes as one object with values of their own type.</summary>
internal sealed class AttributesConverter : JsonConverter<TelemetryAttribute[]>
{
    public override TelemetryAttribute[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Attributes are only written.");

    public override void Write(Utf8JsonWriter writer, TelemetryAttribute[] value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var attribute in value)
        {
            writer.WritePropertyName(attribute.Key);
            switch (attribute.Value)
            {
                case bool flag:
                    writer.WriteBooleanValue(flag);
                    break;
                case long number:
                    writer.WriteNumberValue(number);
                    break;
                case double number when double.IsFinite(number):
                    writer.WriteNumberValue(number);
                    break;
                default:
                    writer.WriteStringValue(attribute.Value.ToString());
                    break;
            }
        }

        writer.WriteEndObject();
    }
}
