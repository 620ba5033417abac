using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>The main job: a client sends a transaction to a ledger pod, and it lands in that tenant's own database.</summary>
public sealed class MoneyMoves(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task Transactions_FromEveryPod_MoveTheTenantsMoneyExactly()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("books", Deadline);
        var other = await Platform.TenantManager.CreateTenantAsync("other-books", Deadline);
        var books = await Books.OpenAsync(Platform.Ledgers[0], tenant, Deadline);
        await books.TransferAsync(Platform.Ledgers[0], "@external/BRL", "@alice", "1000.00", Deadline);

        await Task.WhenAll(Enumerable.Range(0, 60).Select(n =>
            books.TransferAsync(Platform.Ledgers[n % Platform.Ledgers.Count], "@alice", "@bob", "10.01", Deadline)));

        var alice = await books.AvailableAsync(Platform.Ledgers[1], "@alice", Deadline);
        var bob = await books.AvailableAsync(Platform.Ledgers[2], "@bob", Deadline);
        var strangers = await Platform.Ledgers[0].GetAsync("/v1/organizations", other, Deadline);
        Evidence($"60 concurrent transfers of 10.01 over three pods: @alice {alice}, @bob {bob}");
        Assert.Equal(399.40m, alice);
        Assert.Equal(600.60m, bob);
        Assert.Empty(strangers.GetProperty("items").EnumerateArray());
    }
}
