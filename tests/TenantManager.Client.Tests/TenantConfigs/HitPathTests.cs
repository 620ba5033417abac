using System.Globalization;
using Cache.Core;
using Cache.Core.Tiered;
using TenantManager.Client.Configuration;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.TenantConfigs;

/// <summary>A hit without a key: served from the slot only while the entry is the one in L1.</summary>
public sealed class HitPathTests
{
    private const string Service = "ledger";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private readonly FakeTimeProvider _time = new();
    private readonly TieredCache _cache;
    private readonly TenantConfigClient _client;
    private readonly TenantId _tenant = TenantId.Parse("0123456789abcdef0123456789abcdef");

    public HitPathTests()
    {
        _cache = new TieredCache(new TieredCacheOptions { Jitter = 0 }, l2: null, _time);
        _client = new TenantConfigClient(_cache, new TenantManagerHttp(new NoManager(), new TenantManagerClientOptions(), _time));
    }

    [Fact]
    public async Task Hit_OfAKnownTenant_AllocatesNothing()
    {
        await SetAsync(_tenant, Service, revision: 1);
        var service = new string(Service);
        Assert.True(HitMany(200, service));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isHit = HitMany(1000, service);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(isHit);
    }

    [Fact]
    public async Task Hit_AfterANewerValueWasSet_ReturnsTheNewerOne()
    {
        await SetAsync(_tenant, Service, revision: 1);
        Assert.Equal(1, await RevisionAsync(_tenant, Service));
        Assert.Equal(1, await RevisionAsync(_tenant, Service));

        await SetAsync(_tenant, Service, revision: 2);

        Assert.Equal(2, await RevisionAsync(_tenant, Service));
        Assert.Equal(2, await RevisionAsync(_tenant, Service));
    }

    [Fact]
    public async Task RevocationWins_InvalidatedWhileInTheSlot_IsNotServed()
    {
        await SetAsync(_tenant, Service, revision: 1);
        await RevisionAsync(_tenant, Service);

        await _client.InvalidateConfigAsync(_tenant, Service);

        await Assert.ThrowsAsync<NoManagerException>(() => _client.GetTenantConfigAsync(_tenant, Service).AsTask());
    }

    [Fact]
    public async Task Hit_PastItsExpiration_IsNone()
    {
        await SetAsync(_tenant, Service, revision: 1);
        Assert.False((await _client.GetTenantConfigAsync(_tenant, Service)).IsStale);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.True((await _client.GetTenantConfigAsync(_tenant, Service)).IsStale); // asked the source, which is away
    }

    [Fact]
    public async Task Hit_OfMoreTenantsThanSlots_EachGetsItsOwn()
    {
        var tenants = Enumerable.Range(0, 6000).Select(n => TenantId.Parse($"tenant-{n.ToString(CultureInfo.InvariantCulture)}-x")).ToArray();
        for (var n = 0; n < tenants.Length; n++)
            await SetAsync(tenants[n], Service, n);

        for (var round = 0; round < 2; round++)
        {
            for (var n = 0; n < tenants.Length; n++)
                Assert.Equal(n, await RevisionAsync(tenants[n], Service));
        }
    }

    [Fact]
    public async Task Hit_OfTwoServices_EachGetsItsOwn()
    {
        await SetAsync(_tenant, Service, revision: 1);
        await SetAsync(_tenant, "crm", revision: 2);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(1, await RevisionAsync(_tenant, Service));
            Assert.Equal(2, await RevisionAsync(_tenant, "crm"));
        }
    }

    [Fact]
    public async Task LookUp_AnotherTenantsEntryInL1_IsNeverServed()
    {
        await _cache.SetAsync(TenantConfigKey.For(_tenant, Service), new TenantConfig { Id = "somebody-else" }, Lifetime);
        await Assert.ThrowsAsync<NoManagerException>(() => _client.GetTenantConfigAsync(_tenant, Service).AsTask());
    }

    [Theory]
    [InlineData("led:ger")]
    [InlineData("")]
    [InlineData(null)]
    public async Task LookUp_ServiceThatBreaksOutOfAKey_IsRefused(string? service) =>
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetTenantConfigAsync(_tenant, service!).AsTask());

    [Fact]
    public async Task LookUp_NoTenant_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetTenantConfigAsync(default, Service).AsTask());

    [Fact]
    public void Key_InTheBuffer_IsTheKey()
    {
        foreach (var length in new[] { 1, 2, 3, 4, 5, 31, 32, 33, 100, TenantId.MaxLength })
        {
            var tenant = TenantId.Parse(new string('t', length));
            Assert.Equal(TenantConfigKey.For(tenant, Service), ConfigKey.Buffered(tenant, Service).ToString());
        }

        Assert.True(ConfigKey.Buffered(_tenant, new string('s', 1000)).IsEmpty);
        Assert.True(ConfigKey.Buffered(default, Service).IsEmpty);
    }

    private bool HitMany(int times, string service)
    {
        var isHit = true;
        for (var n = 0; n < times; n++)
        {
            var lookup = _client.GetTenantConfigAsync(_tenant, service);
            isHit &= lookup.IsCompletedSuccessfully && lookup.Result.Source == CacheSource.L1;
        }

        return isHit;
    }

    private async Task<long?> RevisionAsync(TenantId tenant, string service)
    {
        var lookup = await _client.GetTenantConfigAsync(tenant, service);
        Assert.Equal(CacheSource.L1, lookup.Source);
        Assert.Equal(tenant.Value, lookup.Value!.Id);
        return lookup.Value.Revision;
    }

    private ValueTask SetAsync(TenantId tenant, string service, long revision) =>
        _cache.SetAsync(TenantConfigKey.For(tenant, service), new TenantConfig { Id = tenant.Value, Revision = revision }, Lifetime);

    private sealed class NoManager : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => throw new NoManagerException();
    }

    private sealed class NoManagerException : Exception;
}
