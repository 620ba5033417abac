using Cache.Core.AspNetCore.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.AspNetCore.Tests.Tiers;

public sealed class ResponseStoreTests
{
    /// <summary>As many as a cache holds unless it is told otherwise, and some.</summary>
    private const int Many = 120_000;

    [Fact]
    public async Task L1_IsBoundedByBytes_NotByHowManyAnswersThereAre()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using ResponseStore store = new(new HttpCacheOptions { L1ByteCapacity = ByteSize.FromMegabytes(1024) }, services);
        for (var n = 0; n < Many; n++)
            await store.PutPieceAsync($"{n}", [1, 2, 3], TimeSpan.FromHours(1), CancellationToken.None);
        Assert.All(Enumerable.Range(0, Many), n => Assert.NotNull(store.FindPieceInL1($"{n}")));
    }
}
