using System.Text;
using Cache.Core.Tests.Valkey.Ring;
using Cache.Core.Valkey.Ring;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>What nodes of a ring keep about each other, as every version has left it: in doubt a node is emptied, never used with what it missed.</summary>
[Collection(RingCollection.Name)]
public sealed class RingPayloadTests(RingFixture ring) : IAsyncLifetime
{
    private readonly List<RingPod> _pods = [];
    private readonly string _prefix = ValkeyFixture.NewPrefix();

    private ValkeyServer Node => ring.Servers[1];

    private string Address => RingFixture.Address(Node);

    private ValkeyServer Neighbour => ring.Servers[0];

    public Task InitializeAsync() => ring.RenewAsync();

    public async Task DisposeAsync()
    {
        foreach (var pod in _pods)
            await pod.DisposeAsync();
        await ring.RenewAsync();
    }

    [Theory]
    [InlineData("ring-lost")]
    public async Task NoResurrection_OutageThatAnotherVersionHasNoted_EmptiesTheNode_AndIsNotedThereAsEver(string name)
    {
        await LeaveAsync(name);
        await Node.ExecuteAsync(["SET", "left", "over"]);

        await StartAsync();

        await Eventually.HoldsAsync("it is emptied", async () => await Node.ExecuteAsync(["GET", RingKeys.Emptied]) as string == Recorded.Read(name).Text);
        Assert.Null(await Node.ExecuteAsync(["GET", "left"]));
        await Eventually.HoldsAsync("it is over", async () => await Neighbour.ExecuteAsync(["GET", RingKeys.Lost(Address)]) is null);
    }

    [Theory]
    [InlineData("ring-lost", "ring-emptied")]
    public async Task NodeThatAnotherVersionHasEmptied_KeepsWhatCameSince(string lost, string emptied)
    {
        await LeaveAsync(lost);
        await Node.ExecuteAsync(["SET", Recorded.Read(emptied).Key, Recorded.Read(emptied).Text]);
        await Node.ExecuteAsync(["SET", "written", "since"]);

        await StartAsync();

        await Eventually.HoldsAsync("it is over", async () => await Neighbour.ExecuteAsync(["GET", RingKeys.Lost(Address)]) is null);
        Assert.Equal("since", await Node.ExecuteAsync(["GET", "written"]));
        Assert.Equal(Recorded.Read(emptied).Text, await Node.ExecuteAsync(["GET", RingKeys.Emptied]));
    }

    [Theory]
    [InlineData("ring-lost", "ring-held")]
    public async Task NodeThatAPodOfAnotherVersionDoesNotReach_IsUsedByNobody_UntilThatIsOver(string lost, string held)
    {
        await StartAsync();
        await LeaveAsync(lost);
        await LeaveAsync(held, "PX", "5000");

        await _pods[0].UsesAsync(2);
        await _pods[0].UsesAsync(3);

        Assert.Equal(Recorded.Read(lost).Text, await Node.ExecuteAsync(["GET", RingKeys.Emptied]));
    }

    /// <summary>What no version has written: the node is emptied all the same.</summary>
    [Theory]
    [InlineData("v2 0123456789abcdef0123456789abcdef 7", "0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef", "{\"v\":2}")]
    [InlineData("0123456789abcdef0123456789abcdef", "")]
    public async Task NoResurrection_RecordsOfALaterVersion_EmptyTheNode(string lost, string emptied)
    {
        await Neighbour.ExecuteAsync(["SET", RingKeys.Lost(Address), lost]);
        await Node.ExecuteAsync(["SET", RingKeys.Emptied, emptied]);
        await Node.ExecuteAsync(["SET", "left", "over"]);

        await StartAsync();

        await Eventually.HoldsAsync("it is emptied", async () => await Node.ExecuteAsync(["GET", "left"]) is null);
    }

    private async Task StartAsync()
    {
        var pod = new RingPod(ring, _prefix);
        _pods.Add(pod);
        await pod.UsesAsync(3);
    }

    /// <summary>As a pod has left it on a neighbour that died before the node was back.</summary>
    private Task LeaveAsync(string name, params string[] more)
    {
        var recorded = Recorded.Read(name);
        return Neighbour.ExecuteAsync(["SET", recorded.Key.Replace("NODE", Address, StringComparison.Ordinal), Encoding.UTF8.GetString(recorded.Bytes), .. more]);
    }
}
