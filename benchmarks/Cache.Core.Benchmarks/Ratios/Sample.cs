using System.Runtime.InteropServices;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>One round of one subject.</summary>
/// <param name="Nanoseconds">Per operation.</param>
/// <param name="Bytes">Allocated per operation.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sample(double Nanoseconds, double Bytes);
