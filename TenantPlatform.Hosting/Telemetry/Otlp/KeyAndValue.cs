namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>The undecoded parts of a <c>KeyValue</c>.</summary>
internal readonly ref struct KeyAndValue(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _key = key;
    private readonly ReadOnlySpan<byte> _value = value;

    public void Deconstruct(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = _key;
        value = _value;
    }
}
