using System.Diagnostics;
using Cache.Core.Rates;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Atomic;

[Collection(ValkeyCollection.Name)]
public sealed class ValkeyAtomicContract(ValkeyFixture valkey) : AtomicContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients = new(valkey);

    protected override ICacheClient Client => _clients.Client;

    [Fact]
    public async Task Scripts_SurviveScriptFlush()
    {
        var terms = new RateTerms(1, TimeSpan.FromMinutes(10), 2);
        Assert.Equal(1, (await Client.TakeAsync(Key, terms)).Remaining);
        await valkey.ExecuteAsync("SCRIPT", "FLUSH");

        Assert.Equal(0, (await Client.TakeAsync(Key, terms)).Remaining);
    }

    [Fact]
    public async Task AKeyOfAnotherType_IsTakenOver_AndEqualsNothing()
    {
        await valkey.ExecuteAsync("RPUSH", Key, "x");
        Assert.False(await Client.SetIfEqualAsync(Key, "x"u8.ToArray(), "y"u8.ToArray(), TimeSpan.FromMinutes(1)));
        Assert.False(await Client.DeleteIfEqualAsync(Key, "x"u8.ToArray()));

        Assert.Equal(4, (await Client.TakeAsync(Key, new RateTerms(1, TimeSpan.FromMinutes(10), 5))).Remaining);
    }

    /// <summary>B7, the bound of GCRA: in any span no more than the burst and what comes back within it; and about as much is let through.</summary>
    [Fact]
    public async Task Take_UnderConstantPressureOfTwoProcesses_KeepsTheBound()
    {
        await using var other = new ValkeyClients(valkey);
        var terms = new RateTerms(200, TimeSpan.FromSeconds(1), 20);
        await Client.TakeAsync(Key + "warm", terms);
        await other.Client.TakeAsync(Key + "warm", terms);
        var clock = Stopwatch.StartNew();

        var counts = await Task.WhenAll(new[] { Client, other.Client, Client, other.Client }.Select(async client =>
        {
            var allowed = 0;
            while (clock.Elapsed < TimeSpan.FromSeconds(1))
                allowed += (await client.TakeAsync(Key, terms)).IsAllowed ? 1 : 0;
            return allowed;
        }));
        var most = 20 + Math.Floor(clock.Elapsed.TotalSeconds * 200) + 1;

        Assert.InRange(counts.Sum(), 20, most);
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    protected override async Task PassAsync(TimeSpan time)
    {
        // The server's clock is this machine's.
        var clock = Stopwatch.StartNew();
        await Eventually.HoldsAsync("the time", () => clock.Elapsed > time);
    }
}
