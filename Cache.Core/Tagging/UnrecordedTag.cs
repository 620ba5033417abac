using System.Runtime.InteropServices;

namespace Cache.Core.Tagging;

/// <summary>A tag that L2 had no record of when a fetch began: of nobody's removal, and of nothing that is kept.</summary>
/// <param name="State">The tag.</param>
/// <param name="Changes">What was counted of its changes before L2 was asked.</param>
/// <param name="Proof">The coherence proof of that moment.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UnrecordedTag(TagState State, int Changes, int Proof);
