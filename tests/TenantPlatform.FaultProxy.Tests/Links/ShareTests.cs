using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Tests.Sockets;

namespace TenantPlatform.FaultProxy.Tests.Links;

/// <summary>A fault that affects a part of the connections.</summary>
public sealed class ShareTests
{
    private const int Seed = 20300101;
    private const int Connections = 200;

    [Theory]
    [InlineData(nameof(FaultKind.Reset))]
    [InlineData(nameof(FaultKind.Cut))]
    public async Task Share_OfNewConnections_IsAffectedByLot(string name)
    {
        var kind = Enum.Parse<FaultKind>(name);
        var lots = new Random(Seed);
        var expected = Enumerable.Range(0, Connections).Select(_ => lots.NextDouble() < 0.3).ToArray();
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port, lots: new Random(Seed));
        link.Set(kind, fault => fault with { Share = 0.3 });
        foreach (var isAffected in expected)
        {
            if (isAffected)
            {
                Assert.Equal("ConnectionReset", await link.ConnectToEndAsync());
                continue;
            }

            using var wire = await link.ConnectAsync();
            Assert.Equal("ok", await wire.EchoAsync("ok"));
        }

        Assert.InRange(link.Link.Counters.Refused, Connections * 0.2, Connections * 0.4);
    }

    [Fact]
    public async Task Share_Raised_KeepsThoseItHadAndTakesMore()
    {
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port, lots: new Random(Seed));
        var wires = new List<Wire>();
        for (var i = 0; i < 20; i++)
        {
            wires.Add(await link.ConnectAsync());
            await wires[^1].EchoAsync("x");
        }

        var lots = new Random(Seed);
        var lotOf = wires.ToDictionary(wire => wire, _ => lots.NextDouble());
        foreach (var share in new[] { 0, 0.25, 0.75, 1 })
        {
            link.Set(FaultKind.Reset, fault => fault with { Share = share });
            foreach (var (wire, lot) in lotOf.ToArray())
            {
                if (lot >= share)
                {
                    Assert.Equal("ok", await wire.EchoAsync("ok"));
                    continue;
                }

                Assert.Equal("ConnectionReset", await wire.EndAsync());
                lotOf.Remove(wire);
                wire.Dispose();
            }
        }

        Assert.Empty(lotOf);
    }
}
