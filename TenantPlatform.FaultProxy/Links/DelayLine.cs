using System.Buffers;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>
/// Chunks on their way, first in, first out. Bounded: whoever fills it asks <see cref="HasRoom"/> first and otherwise leaves
/// the bytes in the sender's socket, which then stops sending. Not safe for concurrent use.
/// </summary>
internal sealed class DelayLine : IDisposable
{
    /// <summary>How much memory a direction of a connection may hold, in bytes, one chunk more at most.</summary>
    public const int Capacity = 256 * 1024;

    private readonly Queue<Chunk> _chunks = new();
    private long _held;
    private int _offset;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _chunks.Count == 0;

    /// <summary>Whether another chunk may be added.</summary>
    public bool HasRoom => _held < Capacity;

    /// <summary>The chunk whose turn it is.</summary>
    public Chunk Head => _chunks.Peek();

    /// <summary>What is left of it.</summary>
    public ReadOnlyMemory<byte> Rest => Head.Buffer.AsMemory(_offset, Head.Length - _offset);

    /// <summary>Adds a chunk, and with it its buffer.</summary>
    public void Add(Chunk chunk)
    {
        _chunks.Enqueue(chunk);
        _held += chunk.Buffer.Length;
    }

    /// <summary>Takes so many bytes of the head away.</summary>
    public void Advance(int bytes)
    {
        _offset += bytes;
        if (_offset >= Head.Length)
            Drop();
    }

    /// <summary>Throws everything away.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Clear()
    {
        var any = !IsEmpty;
        while (!IsEmpty)
            Drop();
        return any;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private void Drop()
    {
        var chunk = _chunks.Dequeue();
        _held -= chunk.Buffer.Length;
        _offset = 0;
        ArrayPool<byte>.Shared.Return(chunk.Buffer);
    }
}
