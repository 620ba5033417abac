using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Reads <c>KeyValue</c> and <c>AnyValue</c>. Lists and maps become their JSON text.</summary>
internal static class AttributeReader
{
    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly object[] SmallNumbers = [.. Enumerable.Range(0, 1024).Select(number => (object)(long)number)];

    /// <summary>Adds an attribute unless there are enough; one without key or value is left out.</summary>
    public static void Add(ref List<TelemetryAttribute>? attributes, ReadOnlySpan<byte> keyValue, DecodingContext context)
    {
        if (attributes?.Count >= context.Limits.MaxAttributes)
            return;
        if (Read(keyValue, context) is { } attribute)
            (attributes ??= new(4)).Add(attribute);
    }

    public static TelemetryAttribute[] ToArray(List<TelemetryAttribute>? attributes) => attributes?.ToArray() ?? [];

    /// <summary>An attribute; null when it has no key or no value.</summary>
    public static TelemetryAttribute? Read(ReadOnlySpan<byte> keyValue, DecodingContext context)
    {
        var (key, value) = Split(keyValue);
        return key.IsEmpty || ReadValue(value, context) is not { } read ? null : new TelemetryAttribute(context.Name(key), read);
    }

    /// <summary>A string, bool, long or double; null when the value is empty or of an unknown kind.</summary>
    public static object? ReadValue(ReadOnlySpan<byte> anyValue, DecodingContext context)
    {
        // The last one counts, and only that one is decoded: repeating a field must cost its sender more than us.
        var reader = new ProtoReader(anyValue);
        var last = default(ProtoReader);
        while (reader.Next())
        {
            if (reader.Field is >= 1 and <= 7)
                last = reader;
            reader.Skip();
        }

        return last.Field switch
        {
            1 => context.Text(last.ReadBytes()),
            2 => last.ReadVarint() != 0 ? True : False,
            3 => Box((long)last.ReadVarint()),
            4 => last.ReadDouble(),
            5 or 6 or 7 => CompositeText.Of(last.Field, last.ReadBytes(), context),
            _ => null,
        };
    }

    /// <summary>The parts of a <c>KeyValue</c>.</summary>
    public static KeyAndValue Split(ReadOnlySpan<byte> keyValue)
    {
        ReadOnlySpan<byte> key = default, value = default;
        var reader = new ProtoReader(keyValue);
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = reader.ReadBytes();
            else if (reader.Field == 2)
                value = reader.ReadBytes();
            else
                reader.Skip();
        }

        return new KeyAndValue(key, value);
    }

    private static object Box(long number) => number >= 0 && number < SmallNumbers.Length ? SmallNumbers[number] : number;
}
