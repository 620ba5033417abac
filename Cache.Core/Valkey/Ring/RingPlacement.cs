using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey.Ring;

/// <summary>
/// Which node of a ring a key belongs to, and which ones take its place in turn: rendezvous hashing of the key's cluster slot.
/// </summary>
/// <remarks>
/// <para>Every node draws a number for every slot, and the slot's order of nodes is that of their numbers (Thaler and Ravishankar,
/// "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on Networking 6, 1998). A node that goes takes nothing
/// but its own slots along, and they go to all the others in proportion; one that comes takes its share and nothing else moves.
/// With weights the number is <c>-w / ln(h)</c> for <c>h</c> drawn from (0, 1), by which each node's share is its part of the sum
/// of weights (Schindelhauer and Schomaker, "Weighted distributed hash tables", SPAA 2005).</para>
/// <para>By slot and not by key: what lies together in a cluster (a value, its fence, its lease) lies together here, by the same hash
/// tags, and finding a key's node is the sum that a cluster asks for and a look into a table.</para>
/// <para>What is drawn is XXH3 (64 bits) of the node's name, a zero byte and the slot: the same in every process, on every machine.
/// It must never change: another placement is another ring. The order in which nodes are named does not matter.</para>
/// </remarks>
internal sealed class RingPlacement
{
    /// <summary>As many as the bits of a set of nodes.</summary>
    public const int MostNodes = 64;

    private readonly byte[] _order;
    private readonly int _count;

    /// <param name="nodes">The nodes; their places here are their numbers.</param>
    public RingPlacement(IReadOnlyList<RingNode> nodes)
    {
        if (nodes.Count is 0 or > MostNodes)
            throw new ArgumentException($"A ring has 1 to {MostNodes} nodes, not {nodes.Count}.", nameof(nodes));
        Nodes = nodes;
        _count = nodes.Count;
        _order = new byte[ClusterSlot.Count * _count];
        var draws = Array.ConvertAll([.. nodes], static node => new Draws(node));

        // Numbers are compared as they are drawn while that comes to the same: no rounding then, whatever the machine's logarithm does.
        var isWeighted = nodes.Any(node => node.Weight != nodes[0].Weight);
        var numbers = new Number[_count];
        for (var slot = 0; slot < ClusterSlot.Count; slot++)
        {
            for (var node = 0; node < _count; node++)
            {
                var drawn = draws[node].Of(slot);
                numbers[node] = new Number(isWeighted ? Weighted(drawn, nodes[node].Weight) : 0, drawn, node);
            }

            Array.Sort(numbers, (one, other) => Compare(one, other, nodes));
            for (var rank = 0; rank < _count; rank++)
                _order[(slot * _count) + rank] = (byte)numbers[rank].Node;
        }
    }

    /// <summary>The nodes, by number.</summary>
    public IReadOnlyList<RingNode> Nodes { get; }

    /// <summary>The nodes' numbers in the order in which they take the key.</summary>
    public ReadOnlySpan<byte> Order(string key) => _order.AsSpan(ClusterSlot.Of(key) * _count, _count);

    /// <summary>The number of the first node in a key's order that is in a set of nodes, which has a bit for each; -1 when there is none.</summary>
    public int Find(string key, ulong among)
    {
        foreach (var node in Order(key))
        {
            if ((among & (1UL << node)) != 0)
                return node;
        }

        return -1;
    }

    private static double Weighted(ulong drawn, double weight)
    {
        // The upper 53 bits and a half: never 0, never 1.
        var h = ((drawn >> 11) + 0.5) / (1L << 53);
        return -weight / Math.Log(h);
    }

    private static int Compare(Number one, Number other, IReadOnlyList<RingNode> nodes)
    {
        var byWeight = other.Weighted.CompareTo(one.Weighted);
        if (byWeight != 0)
            return byWeight;
        var byDraw = other.Drawn.CompareTo(one.Drawn);
        return byDraw != 0 ? byDraw : string.CompareOrdinal(nodes[one.Node].Name, nodes[other.Node].Name);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Number(double Weighted, ulong Drawn, int Node);

    /// <summary>What one node draws.</summary>
    private sealed class Draws
    {
        private readonly byte[] _text;

        public Draws(RingNode node) => _text = [.. Encoding.UTF8.GetBytes(node.Name), 0, 0, 0];

        public ulong Of(int slot)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_text.AsSpan(_text.Length - sizeof(ushort)), (ushort)slot);
            return XxHash3.HashToUInt64(_text);
        }
    }
}
