namespace Cache.Core.Tests.Valkey.Resp;

/// <summary>Bytes that arrive in pieces of a seeded random size, then the end.</summary>
internal sealed class ChoppedStream(byte[] bytes, int seed, int largest = 7) : MemoryStream(bytes, writable: false)
{
    private readonly Random _random = new(seed);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, largest + 1))], cancellationToken);
}
