using System.Text;
using System.Xml.Linq;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cache.Core.AspNetCore.Tests.DataProtection;

/// <summary>One key ring in Valkey for all processes, from which nothing is lost.</summary>
public sealed class KeyRingTests
{
    private readonly InMemoryCacheClient _valkey = new();

    [Fact]
    public async Task WhatOneProcessProtects_AnotherReads()
    {
        await using var one = Process();
        await using var other = Process();

        var sealedText = one.GetDataProtector("cookies").Protect("me");

        Assert.Equal("me", other.GetDataProtector("cookies").Unprotect(sealedText));
    }

    [Fact]
    public async Task KeysOfManyProcesses_AtTheSameTime_AreAllKept()
    {
        await using var one = Process();
        var ring = Ring(one);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => ring.StoreElement(new XElement("key", n), $"key-{n}"))));

        Assert.Equal(Enumerable.Range(0, 20), ring.GetAllElements().Select(static one => int.Parse(one.Value)).Order());
    }

    [Fact]
    public async Task Delete_RemovesWhatIsChosen_AndNothingElse()
    {
        await using var one = Process();
        var ring = Ring(one);
        foreach (var n in new[] { 1, 2, 3 })
            ring.StoreElement(new XElement("key", n), $"key-{n}");

        Assert.True(ring.DeleteElements(static all =>
        {
            foreach (var element in all)
                element.DeletionOrder = element.Element.Value == "2" ? 1 : null;
        }));

        Assert.Equal(["1", "3"], ring.GetAllElements().Select(static one => one.Value));
    }

    [Fact]
    public async Task AnotherKey_IsAnotherRing()
    {
        await using var one = Process();
        await using var other = Process("other-keys");

        Ring(one).StoreElement(new XElement("key", 1), "one");

        Assert.Empty(Ring(other).GetAllElements());
    }

    [Fact]
    public async Task ValkeyAway_Throws_AndKnownKeysServeOn()
    {
        await using var one = Process();
        var protector = one.GetDataProtector("cookies");
        var sealedText = protector.Protect("me");
        _valkey.IsUnavailable = true;

        Assert.Equal("me", protector.Unprotect(sealedText));
        Assert.Throws<CacheUnavailableException>(() => Ring(one).GetAllElements());
        Assert.Throws<CacheUnavailableException>(() => Ring(one).StoreElement(new XElement("key"), "one"));
    }

    [Fact]
    public async Task WhatIsNoKeyRing_IsNotReplaced()
    {
        await using var one = Process();
        await _valkey.SetAsync(DataProtectionExtensions.DefaultKey, Encoding.UTF8.GetBytes("something"), TimeSpan.Zero);

        var refused = Assert.Throws<InvalidOperationException>(() => Ring(one).StoreElement(new XElement("key"), "one"));

        Assert.Contains(DataProtectionExtensions.DefaultKey, refused.Message, StringComparison.Ordinal);
        Assert.Equal("something", Encoding.UTF8.GetString((await _valkey.GetAsync(DataProtectionExtensions.DefaultKey))!));
    }

    [Fact]
    public async Task WithoutAValkey_SaysWhatToCall()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().PersistKeysToValkey();
        await using var provider = services.BuildServiceProvider();

        Assert.Contains("AddValkey", Assert.Throws<InvalidOperationException>(() => Ring(provider)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnARing_WhoseNodesAreEmptied_ItIsRefused()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ICacheClient>(_valkey);
        services.AddSingleton(new ValkeyOptions { Mode = ValkeyMode.Ring });
        services.AddDataProtection().PersistKeysToValkey();
        await using var provider = services.BuildServiceProvider();

        Assert.Contains("ring", Assert.Throws<InvalidOperationException>(() => Ring(provider)).Message, StringComparison.Ordinal);
    }

    private ServiceProvider Process(string key = DataProtectionExtensions.DefaultKey)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<ICacheClient>(_valkey);
        services.AddDataProtection().SetApplicationName("shop").PersistKeysToValkey(key);
        return services.BuildServiceProvider();
    }

    private static IDeletableXmlRepository Ring(IServiceProvider services) =>
        Assert.IsAssignableFrom<IDeletableXmlRepository>(services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository);
}
