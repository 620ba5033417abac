using System.Buffers;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>A piece of a sequence.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    public Segment(ReadOnlyMemory<byte> memory, Segment? next, long index) => (Memory, Next, RunningIndex) = (memory, next, index);

    public Segment Append(ReadOnlyMemory<byte> memory)
    {
        Segment next = new(memory, next: null, RunningIndex + Memory.Length);
        Next = next;
        return next;
    }
}
