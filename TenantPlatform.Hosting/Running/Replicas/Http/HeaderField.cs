namespace TenantPlatform.Hosting.Running;

/// <summary>One field of a message's head. Its spans are parts of the head.</summary>
/// <param name="line">The whole line with its end.</param>
/// <param name="name">Its name.</param>
/// <param name="value">Its value without the white space around it.</param>
internal readonly ref struct HeaderField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    public ReadOnlySpan<byte> Line { get; } = line;

    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;
}
