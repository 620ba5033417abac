using System.Runtime.InteropServices;

namespace Cache.Core.Tagging;

/// <summary>What is noted of tags before a fetch begins: those that its call gave, and what tells whether any other has been removed meanwhile.</summary>
/// <param name="Stamps">The call's tags that have a record; null without.</param>
/// <param name="Unrecorded">The call's other tags.</param>
/// <param name="Moment">What was known of a tag then and still is, it was when the fetch began.</param>
/// <param name="Removals">The token that every removal of a tag changes, in whichever process; null when it is not known.</param>
/// <param name="IsL2Away">Whether L2 was away, so that the answer will not be kept there.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TagNote(TagStamps? Stamps, IReadOnlyList<UnrecordedTag> Unrecorded, long Moment, string? Removals, bool IsL2Away);
