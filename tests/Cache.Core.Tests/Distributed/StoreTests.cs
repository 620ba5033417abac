using System.Text;
using Cache.Core.Distributed;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Tests.Distributed;

/// <summary>A distributed cache has no source behind it: what it cannot know it does not guess, and what it was given it does not lose.</summary>
public sealed class StoreTests
{
    private static readonly DistributedCacheEntryOptions ForEver = new();

    [Fact]
    public async Task ValkeyAway_WhatL1CanProveIsServed_AndTheRestThrows()
    {
        await using var rig = new DistributedRig();
        await rig.Cache.SetAsync("k", [1], ForEver);
        rig.Client.IsUnavailable = true;

        Assert.Equal([1], await rig.Cache.GetAsync("k"));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.GetAsync("other"));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.RefreshAsync("other"));
        Assert.Throws<CacheUnavailableException>(() => rig.Cache.Get("other"));

        // Past its time in L1, nobody knows whether it is still what lies there.
        rig.Time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.GetAsync("k"));
    }

    [Fact]
    public async Task ValkeyAway_AFailedWriteChangesNothing_AndIsNotCarriedOutLater()
    {
        await using var rig = new DistributedRig();
        await rig.Cache.SetAsync("written", "old"u8.ToArray(), ForEver);
        await rig.Cache.SetAsync("removed", "old"u8.ToArray(), ForEver);
        rig.Client.IsUnavailable = true;

        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.SetAsync("written", "new"u8.ToArray(), ForEver));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.RemoveAsync("removed"));
        Assert.Throws<CacheUnavailableException>(() => rig.Cache.Remove("removed"));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.GetAsync("written"));

        rig.Client.IsUnavailable = false;
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("old", await rig.Cache.GetStringAsync("written"));
        Assert.Equal("old", await rig.Cache.GetStringAsync("removed"));
    }

    [Fact]
    public async Task AWriteWhoseAnswerIsLost_IsReadInValkey()
    {
        await using var rig = new DistributedRig();
        await rig.Cache.SetAsync("k", "old"u8.ToArray(), ForEver);
        rig.Client.AfterCall = (command, _) => command == "SET" ? throw new CacheUnavailableException("The answer was lost.") : ValueTask.CompletedTask;

        await Assert.ThrowsAsync<CacheUnavailableException>(() => rig.Cache.SetAsync("k", "new"u8.ToArray(), ForEver));

        Assert.Equal("new", await rig.Cache.GetStringAsync("k"));
    }

    [Fact]
    public async Task ALongerValueThanAllowed_IsRefusedByName_AndWhatLayThereStays()
    {
        await using var rig = new DistributedRig();
        var cache = rig.Open(configure: static options => options.LargestValue = ByteSize.FromInt64(100));
        await cache.SetAsync("k", new byte[100], ForEver);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => cache.SetAsync("k", new byte[101], ForEver));

        Assert.Contains("LargestValue", refused.Message, StringComparison.Ordinal);
        Assert.Equal(100, (await cache.GetAsync("k"))!.Length);
    }

    [Fact]
    public async Task EncryptionKeys_HideValues_AndAreNeededToReadThem()
    {
        await using var rig = new DistributedRig();
        var cache = rig.Open(encryptionKeys: $"one:{Convert.ToBase64String(new byte[32])}");
        await cache.SetAsync("k", "a secret"u8.ToArray(), DistributedRig.Sliding);

        var stored = (await rig.Client.GetAsync("distributed-cache:k"))!;

        Assert.DoesNotContain("secret", Encoding.ASCII.GetString(stored), StringComparison.Ordinal);
        Assert.Equal("a secret", await rig.Open(encryptionKeys: $"one:{Convert.ToBase64String(new byte[32])}").GetStringAsync("k"));
    }

    [Fact]
    public async Task WithoutValkey_ItLivesInTheProcess()
    {
        await using var rig = new DistributedRig(isShared: false);
        await rig.Cache.SetAsync("for ever", [1], ForEver);
        await rig.Cache.SetAsync("a day", [1], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) });

        rig.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await rig.Cache.GetAsync("a day"));
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await rig.Cache.GetAsync("a day"));
        Assert.NotNull(await rig.Cache.GetAsync("for ever"));
        await rig.Cache.RemoveAsync("for ever");
        Assert.Null(await rig.Cache.GetAsync("for ever"));
    }

    [Fact]
    public async Task Registration_TakesThePlaceOfAnother_AndNeedsNoValkey()
    {
        var services = new ServiceCollection().AddDistributedMemoryCache().AddTieredDistributedCache(new ConfigurationBuilder().Build());
        await using var provider = services.BuildServiceProvider();

        var cache = provider.GetServices<IDistributedCache>().Single();
        await cache.SetAsync("k", [1]);

        Assert.IsType<TieredDistributedCache>(cache);
        Assert.Equal([1], await cache.GetAsync("k"));
    }

    [Theory]
    [InlineData(nameof(TieredDistributedCacheOptions.KeyPrefix))]
    [InlineData(nameof(TieredDistributedCacheOptions.L1Capacity))]
    [InlineData(nameof(TieredDistributedCacheOptions.LargestValue))]
    public void Registration_OfAnOptionOutOfRange_NamesIt(string option)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddTieredDistributedCache(options =>
        {
            options.KeyPrefix = option == nameof(options.KeyPrefix) ? string.Empty : "p:";
            options.L1Capacity = option == nameof(options.L1Capacity) ? 0 : 1;
            options.LargestValue = option == nameof(options.LargestValue) ? ByteSize.FromMegabytes(61) : ByteSize.FromMegabytes(1);
        }));

        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
    }
}
