using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>
/// Writes lists, maps and bytes of an <c>AnyValue</c> as JSON text of bounded length; what is nested too deep is left out.
/// </summary>
internal static class CompositeText
{
    private const int Array = 5;
    private const int Map = 6;
    private const int Bytes = 7;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="field">The field of the <c>AnyValue</c>: 5 a list, 6 a map, 7 bytes.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="context">The message's limits.</param>
    public static string Of(int field, ReadOnlySpan<byte> content, DecodingContext context)
    {
        if (field == Bytes)
            return Base64(content, context);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            Write(writer, field, content, context, depth: 1);
        return context.Text(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, int field, ReadOnlySpan<byte> content, DecodingContext context, int depth)
    {
        if (field == Bytes)
        {
            writer.WriteStringValue(Base64(content, context));
            return;
        }

        if (depth > context.Limits.MaxDepth)
        {
            writer.WriteStringValue("…");
            return;
        }

        if (field == Array)
            writer.WriteStartArray();
        else
            writer.WriteStartObject();
        var reader = new ProtoReader(content);
        while (reader.Next())
        {
            if (reader.Field != 1 || IsLong(writer, context))
            {
                reader.Skip();
                continue;
            }

            var item = reader.ReadBytes();
            if (field == Map)
            {
                var (key, value) = AttributeReader.Split(item);
                writer.WritePropertyName(context.Name(key));
                item = value;
            }

            WriteValue(writer, item, context, depth);
        }

        if (field == Array)
            writer.WriteEndArray();
        else
            writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> anyValue, DecodingContext context, int depth)
    {
        var reader = new ProtoReader(anyValue);
        var written = false;
        while (reader.Next())
        {
            // A value has one field; a second one would make the text no JSON.
            if (written || reader.Field is < 1 or > Bytes)
            {
                reader.Skip();
                continue;
            }

            written = true;
            if (reader.Field is Array or Map or Bytes)
                Write(writer, reader.Field, reader.ReadBytes(), context, depth + 1);
            else
                WriteScalar(writer, ref reader, context);
        }

        if (!written)
            writer.WriteNullValue();
    }

    private static void WriteScalar(Utf8JsonWriter writer, ref ProtoReader reader, DecodingContext context)
    {
        switch (reader.Field)
        {
            case 1:
                writer.WriteStringValue(context.Text(reader.ReadBytes()));
                break;
            case 2:
                writer.WriteBooleanValue(reader.ReadVarint() != 0);
                break;
            case 3:
                writer.WriteNumberValue((long)reader.ReadVarint());
                break;
            default:
                var number = reader.ReadDouble();
                if (double.IsFinite(number))
                    writer.WriteNumberValue(number);
                else
                    writer.WriteStringValue(number.ToString());
                break;
        }
    }

    private static bool IsLong(Utf8JsonWriter writer, DecodingContext context) =>
        writer.BytesCommitted + writer.BytesPending > context.Limits.MaxTextBytes;

    private static string Base64(ReadOnlySpan<byte> bytes, DecodingContext context)
    {
        // Three bytes are four characters.
        var limit = context.Limits.MaxTextBytes / 4 * 3;
        return bytes.Length <= limit ? Convert.ToBase64String(bytes) : Convert.ToBase64String(bytes[..limit]) + "…";
    }
}
