using System.Runtime.InteropServices;

namespace Cache.Core.Valkey.Ring;

/// <summary>A node as placement sees it.</summary>
/// <param name="Name">Its address as every process writes it: the name decides which keys are the node's.</param>
/// <param name="Weight">Its share beside the others': one of 2 gets twice as many keys as one of 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RingNode(string Name, double Weight = 1);
