using Cache.Core.Administration;
using Cache.Core.Coherence;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Administration;

/// <summary>On one real server.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class ValkeyPatternDeletionTests(ValkeyFixture valkey) : PatternDeletionContract, IAsyncDisposable
{
    private readonly ValkeyClients _clients = new(valkey);

    protected override ICacheClient Client => _clients.Client;

    [Fact]
    public async Task Step_ThatFails_CanBeTakenAgain_AndNothingIsPassedOver()
    {
        for (var n = 0; n < 50; n++)
            await Client.SetAsync($"{Prefix}{n}", "v"u8.ToArray(), TimeSpan.FromHours(1));
        var away = new InMemoryCacheClient { IsUnavailable = true };
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await new PatternDeletion(away, NoCoherence.Instance, "*").StepAsync(10));

        var deletion = new PatternDeletion(Client, NoCoherence.Instance, Prefix + "*");
        DropStep step;
        do
            step = await deletion.StepAsync(10);
        while (step.Dropped == 0);
        using (var stopped = new CancellationTokenSource())
        {
            await stopped.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await deletion.StepAsync(10, stopped.Token));
        }

        do
            step = await deletion.StepAsync(10);
        while (!step.IsLast);
        Assert.Empty(await KeysAsync());
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
