using System.Globalization;
using Cache.Core.Fencing;
using Cache.Core.Valkey.Ring;
using Xunit.Abstractions;

namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>Which node a key belongs to: balance, movement, and that it is the same everywhere. What is asserted is given in docs/decisions/0023-ring.md.</summary>
public sealed class RingPlacementTests(ITestOutputHelper output)
{
    private const int KeyCount = 100_000;
    private const ulong All = ulong.MaxValue;
    private static readonly string[] Keys = [.. Enumerable.Range(0, KeyCount).Select(static n => string.Create(CultureInfo.InvariantCulture, $"tm-config:tenant-connections:{n:x8}:ledger"))];

    [Theory]
    [InlineData(3, 1.02)]
    [InlineData(5, 1.05)]
    [InlineData(10, 1.07)]
    public void E2_Balance_TheFullestNodeIsLittleAboveTheMean(int nodes, double most)
    {
        var shares = Shares(Ring(nodes), All);

        var ratio = shares.Max() / (KeyCount / (double)nodes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes: max/mean {ratio:0.000}, min/mean {shares.Min() / (KeyCount / (double)nodes):0.000}"));
        Assert.InRange(ratio, 1, most);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void E2_LostNode_MovesItsOwnKeysAlone_ToAllTheOthers(int nodes)
    {
        var ring = Ring(nodes);
        var others = All & ~(1UL << 1);
        var (moved, otherwise) = (new int[nodes], 0);
        foreach (var key in Keys)
        {
            var (before, after) = (ring.Find(key, All), ring.Find(key, others));
            if (before == 1)
                moved[after]++;
            else if (before != after)
                otherwise++;
        }

        Assert.Equal(0, otherwise);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nodes} nodes: {moved.Sum() / (double)KeyCount:0.000} of all keys moved, 1/n is {1.0 / nodes:0.000}"));
        Assert.Equal(0, moved[1]);
        var mean = moved.Sum() / (nodes - 1.0);
        Assert.All(moved.Where((_, node) => node != 1), count => Assert.InRange(count, mean * 0.8, mean * 1.2));
    }

    [Fact]
    public void E2_AddedNode_TakesItsShareAndNothingElseMoves()
    {
        var (before, after) = (Ring(4), Ring(5));

        var moved = Keys.Where(key => before.Find(key, All) != after.Find(key, All)).ToList();

        Assert.True(moved.TrueForAll(key => after.Find(key, All) == 4));
        Assert.InRange(moved.Count, KeyCount / 5 * 0.95, KeyCount / 5 * 1.05);
    }

    [Fact]
    public void E2_NodesNamedInAnotherOrder_ThePlacementIsTheSame()
    {
        var (ring, reversed) = (Ring(5), new RingPlacement([.. Ring(5).Nodes.Reverse()]));

        Assert.All(Keys.Take(1000), key => Assert.Equal(
            ring.Order(key).ToArray().Select(node => ring.Nodes[node].Name),
            reversed.Order(key).ToArray().Select(node => reversed.Nodes[node].Name)));
    }

    [Fact]
    public void E2_Weights_EachNodeHasItsPartOfTheSum()
    {
        var ring = new RingPlacement([new("valkey-0:6379", 1), new("valkey-1:6379", 2), new("valkey-2:6379", 3)]);

        var shares = Shares(ring, All);

        output.WriteLine(string.Join(", ", shares));
        Assert.InRange(shares[0], KeyCount / 6.0 * 0.92, KeyCount / 6.0 * 1.08);
        Assert.InRange(shares[1], KeyCount / 3.0 * 0.95, KeyCount / 3.0 * 1.05);
        Assert.InRange(shares[2], KeyCount / 2.0 * 0.95, KeyCount / 2.0 * 1.05);
    }

    [Fact]
    public void E2_AnotherWeight_MovesOnlyKeysToOrFromThatNode()
    {
        var before = new RingPlacement([new("valkey-0:6379", 2), new("valkey-1:6379", 1), new("valkey-2:6379", 1)]);
        var after = new RingPlacement([new("valkey-0:6379", 3), new("valkey-1:6379", 1), new("valkey-2:6379", 1)]);

        Assert.True(Keys.Where(key => before.Find(key, All) != after.Find(key, All)).All(key => after.Find(key, All) == 0));
    }

    /// <summary>The orders are written down: another version of this program, or another program, must place the same keys there.</summary>
    [Theory]
    [InlineData("tm-config:tenant-connections:0af3:ledger", "3,1,0,2,4", "1,2,0")]
    [InlineData("apikey:sha256:00ff", "4,3,1,0,2", "1,2,0")]
    [InlineData("{user1000}.following", "1,2,0,3,4", "1,2,0")]
    [InlineData("", "3,2,0,1,4", "2,1,0")]
    [InlineData("ключ", "3,4,1,0,2", "1,2,0")]
    [InlineData("a}b", "0,3,2,4,1", "2,0,1")]
    public void E2_FixedVectors_TheSameEverywhere(string key, string order, string weightedOrder)
    {
        var weighted = new RingPlacement([new("valkey-0:6379", 1), new("valkey-1:6379", 2), new("valkey-2:6379", 3)]);

        Assert.Equal(order, string.Join(',', Ring(5).Order(key).ToArray()));
        Assert.Equal(weightedOrder, string.Join(',', weighted.Order(key).ToArray()));
    }

    [Theory]
    [InlineData("tm-config:tenant-connections:0af3:ledger")]
    [InlineData("{tag}key")]
    [InlineData("a}b")]
    [InlineData("{}")]
    [InlineData("}{")]
    public void E2_FenceAndLease_LieWithTheirValue(string key)
    {
        var ring = Ring(10);

        Assert.Equal(ring.Order(key).ToArray(), ring.Order(FenceKeys.Fence(key)).ToArray());
        Assert.Equal(ring.Order(key).ToArray(), ring.Order(FenceKeys.Lease(key)).ToArray());
    }

    [Fact]
    public void NoNodeLeft_NoneIsFound() => Assert.Equal(-1, Ring(3).Find("key", among: 0));

    private static RingPlacement Ring(int nodes) => new([.. Enumerable.Range(0, nodes).Select(static n => new RingNode(string.Create(CultureInfo.InvariantCulture, $"valkey-{n}:6379")))]);

    private static int[] Shares(RingPlacement ring, ulong among)
    {
        var shares = new int[ring.Nodes.Count];
        foreach (var key in Keys)
            shares[ring.Find(key, among)]++;
        return shares;
    }
}
