using System.Text;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Tests.Valkey.Resp;

public sealed class ClusterSlotTests
{
    [Theory]
    [InlineData("123456789", 12739)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("hello", 866)]
    [InlineData("{foo}.bar", 12182)]
    [InlineData("x{foo}{bar}", 12182)]
    public void Slot_IsTheServers(string key, int slot) => Assert.Equal(slot, ClusterSlot.Of(key));

    [Theory]
    [InlineData("{}foo")]
    [InlineData("foo{")]
    [InlineData("foo}{")]
    public void Slot_WithoutATag_IsOfTheWholeKey(string key) => Assert.NotEqual(ClusterSlot.Of("foo"), ClusterSlot.Of(key));

    [Fact]
    public void BySlot_FillsTheRanges_AndLeavesTheRestOpen()
    {
        var primaries = ClusterSlots.BySlot(List(Range(0, 1, "a"), Range(3, 3, "")), "asked");

        Assert.Equal<IEnumerable<string?>>(["a:7", "a:7", null, "asked:7", null], primaries.Take(5));
        Assert.Equal(ClusterSlot.Count, primaries.Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 16384)]
    [InlineData(2, 1)]
    public void BySlot_OfSlotsThatThereAreNot_IsRefused(int first, int last) =>
        Assert.Throws<RespProtocolException>(() => ClusterSlots.BySlot(List(Range(first, last, "a")), "asked"));

    [Fact]
    public void Builder_LaysCommandsOut_InUtf8()
    {
        var builder = new RespBuilder(1);
        builder.Begin(3);
        builder.Part("SET"u8);
        builder.Part("schlüssel");
        builder.Part(-12L);
        builder.Begin(1);
        builder.Part("PING");

        Assert.Equal("*3\r\n$3\r\nSET\r\n$10\r\nschlüssel\r\n$3\r\n-12\r\n*1\r\n$4\r\nPING\r\n", Encoding.UTF8.GetString(builder.Written.Span));
    }

    private static RespValue Range(long first, long last, string host) =>
        List(RespValue.OfNumber(first), RespValue.OfNumber(last), List(RespValue.OfText(host), RespValue.OfNumber(7)));

    private static RespValue List(params RespValue[] items) => RespValue.OfItems(RespKind.List, items);
}
