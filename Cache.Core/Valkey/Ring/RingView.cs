namespace Cache.Core.Valkey.Ring;

/// <summary>How this process sees the ring at a moment. Sets of nodes have a bit for each.</summary>
/// <param name="Placed">The nodes that keys are placed on.</param>
/// <param name="In">Those of them that are used: the others are not known well enough yet.</param>
/// <param name="Told">The nodes that must hear of every revocation: all but those that will be emptied before anybody uses them.</param>
internal sealed record RingView(ulong Placed, ulong In, ulong Told);
