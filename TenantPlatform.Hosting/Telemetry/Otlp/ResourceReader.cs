using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>Resource</c> and the name of an <c>InstrumentationScope</c>.</summary>
internal static class ResourceReader
{
    public static TelemetryResource Read(ReadOnlySpan<byte> resource, DecodingContext context)
    {
        string? name = null, instance = null;
        var reader = new ProtoReader(resource);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var (key, value) = AttributeReader.Split(reader.ReadBytes());
            if (key.SequenceEqual("service.name"u8))
                name = Text(value, context);
            else if (key.SequenceEqual("service.instance.id"u8))
                instance = Text(value, context);
        }

        return new TelemetryResource(string.IsNullOrEmpty(name) ? "unknown" : name, string.IsNullOrEmpty(instance) ? null : instance);
    }

    public static string ReadScopeName(ReadOnlySpan<byte> scope, DecodingContext context)
    {
        var name = "";
        var reader = new ProtoReader(scope);
        while (reader.Next())
        {
            if (reader.Field == 1)
                name = context.Name(reader.ReadBytes());
            else
                reader.Skip();
        }

        return name;
    }

    // Names are short: cut here as a name, not as a text.
    private static string? Text(ReadOnlySpan<byte> anyValue, DecodingContext context)
    {
        string? text = null;
        var reader = new ProtoReader(anyValue);
        while (reader.Next())
        {
            if (reader.Field == 1)
                text = context.Name(reader.ReadBytes());
            else
                reader.Skip();
        }

        return text;
    }
}
