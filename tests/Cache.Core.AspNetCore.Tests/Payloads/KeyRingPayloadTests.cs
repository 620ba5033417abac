using System.Xml.Linq;
using Cache.Core.AspNetCore.DataProtection;
using Cache.Core.Valkey;

namespace Cache.Core.AspNetCore.Tests.Payloads;

/// <summary>Data protection's keys. They are no cache: what cannot be read must not be begun anew.</summary>
public sealed class KeyRingPayloadTests
{
    private static readonly XElement Key = new("key", new XAttribute("id", "1"), "secret");

    [Theory]
    [InlineData("data-protection-keys")]
    public async Task KeyRing_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);
        await using var valkey = await Recorded.ValkeyAsync(recorded);
        await using InMemoryCacheClient empty = new();

        new ValkeyXmlRepository(empty, recorded.Key).StoreElement(Key, "first");

        Assert.Equal(Key.ToString(), Assert.Single(new ValkeyXmlRepository(valkey, recorded.Key).GetAllElements()).ToString());
        Assert.Equal(recorded.Hex, Convert.ToHexString((await empty.GetAsync(recorded.Key))!));
    }

    [Theory]
    [InlineData("data-protection-keys")]
    public async Task KeyRingOfAnUnknownVersion_IsRefused_AndLeftAsItIs(string name)
    {
        var recorded = Recorded.Read(name);
        var future = Recorded.OfAnotherVersion(recorded.Bytes);
        await using InMemoryCacheClient valkey = new();
        await valkey.SetAsync(recorded.Key, future, TimeSpan.Zero);
        ValkeyXmlRepository ring = new(valkey, recorded.Key);

        Assert.Throws<InvalidOperationException>(() => ring.StoreElement(Key, "second"));

        Assert.Equal(Convert.ToHexString(future), Convert.ToHexString((await valkey.GetAsync(recorded.Key))!));
    }
}
