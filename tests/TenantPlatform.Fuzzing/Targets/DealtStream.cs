namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Bytes that come a few at a time.</summary>
internal sealed class DealtStream(byte[] bytes, int atOnce) : MemoryStream(bytes, writable: false)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span[..Math.Min(buffer.Length, Math.Max(1, atOnce))]));
}
