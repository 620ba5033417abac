using Cache.Core.Valkey.Resp;

namespace Cache.Core.Tests.Valkey.Resp;

/// <summary>What <c>CLUSTER SLOTS</c> says, and what is said of an answer of another shape.</summary>
public sealed class ClusterSlotsTests
{
    [Fact]
    public void Primaries_AreTheFirstOfEachRange_AndTheAskedHostWhereANodeDoesNotKnowItsName()
    {
        var reply = List(Range(Node("a", 1), Node("replica", 9)), Range(Node("", 2)), Range(Node("?", 3)), Range(Node("a", 1)));

        Assert.Equal(["a:1", "asked:2", "asked:3"], ClusterSlots.Primaries(reply, "asked").Order(StringComparer.Ordinal));
    }

    public static TheoryData<string> Shapes => ["text", "short", "no-node", "empty-node", "no-port"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Primaries_OfAnotherShape_AreRefused(string shape)
    {
        var range = shape switch
        {
            "text" => RespValue.OfText("range"),
            "short" => List(RespValue.OfNumber(0), RespValue.OfNumber(1)),
            "no-node" => Range(RespValue.OfText("node")),
            "empty-node" => Range(List()),
            _ => Range(List(RespValue.OfText("a"), RespValue.OfText("1"))),
        };

        Assert.Throws<RespProtocolException>(() => ClusterSlots.Primaries(List(range), "asked"));
    }

    private static RespValue Range(params RespValue[] nodes) => List([RespValue.OfNumber(0), RespValue.OfNumber(1), .. nodes]);

    private static RespValue Node(string host, int port) => List(RespValue.OfText(host), RespValue.OfNumber(port), RespValue.OfText("id"));

    private static RespValue List(params RespValue[] items) => RespValue.OfItems(RespKind.List, items);
}
