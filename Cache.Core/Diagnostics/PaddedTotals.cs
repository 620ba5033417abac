using System.Runtime.InteropServices;

namespace Cache.Core.Diagnostics;

/// <summary>Counters with room around them, so that neighbours on the heap do not share their cache lines.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedTotals
{
    [FieldOffset(128)]
    public long Hits;

    [FieldOffset(136)]
    public long StaleHits;

    [FieldOffset(144)]
    public long Misses;
}
