using System.Runtime.InteropServices;

namespace Cache.Core.Diagnostics;

/// <summary>What lookups found in L1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LookupTotals(long Hits, long StaleHits, long Misses)
{
    public static LookupTotals operator +(LookupTotals one, LookupTotals other) =>
        new(one.Hits + other.Hits, one.StaleHits + other.StaleHits, one.Misses + other.Misses);
}
