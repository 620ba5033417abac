using Cache.Core.Distributed;
using Cache.Core.Formats;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>Sessions and whatever else <c>IDistributedCache</c> holds.</summary>
public sealed class DistributedPayloadTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EnvelopeFormat Format = new(new Serializers());

    [Theory]
    [InlineData("distributed-sliding")]
    [InlineData("distributed-for-ever")]
    public async Task Entry_IsRead(string name)
    {
        var time = new FakeTimeProvider(Noon);
        await using var client = new InMemoryCacheClient(time);
        await client.RestoreAsync(Recorded.Read(name));
        await using var cache = new TieredDistributedCache(new TieredDistributedCacheOptions(), client, time: time);

        Assert.Equal("session"u8.ToArray(), await cache.GetAsync("s"));
    }

    [Theory]
    [InlineData("distributed-sliding", true)]
    [InlineData("distributed-for-ever", false)]
    public void Entry_IsStillWrittenSo(string name, bool isSliding)
    {
        var recorded = Recorded.Read(name);
        var entry = isSliding
            ? new DistributedEntry("session"u8.ToArray(), TimeSpan.FromMinutes(20), Noon.AddHours(8), "0123456789abcdef0123456789abcdef")
            : new DistributedEntry("session"u8.ToArray(), sliding: null, absolute: null, generation: null);

        Assert.Equal(recorded.Hex, Recorded.Written(Format, recorded.Key, entry));
    }

    [Theory]
    [InlineData("future-envelope-2")]
    [InlineData("envelope-1-bytes")]
    [InlineData("plain-json")]
    public async Task WhatIsNoEntryOfThisVersion_IsAMiss(string name)
    {
        await using var client = new InMemoryCacheClient();
        await client.SetAsync("distributed-cache:s", Recorded.Read(name).Bytes, TimeSpan.FromHours(1));
        await using var cache = new TieredDistributedCache(new TieredDistributedCacheOptions(), client);

        Assert.Null(await cache.GetAsync("s"));
    }

    private sealed class Serializers : ICacheSerializers
    {
        private readonly DistributedEntrySerializer _entries = new();

        public IHybridCacheSerializer<T> For<T>() => (IHybridCacheSerializer<T>)(object)_entries;
    }
}
