using System.Text;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Tests.Valkey.Resp;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "OK")]
    [InlineData("$5\r\nhello\r\n", "hello")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("=7\r\ntxt:abc\r\n", "abc")]
    [InlineData("(12345678901234567890\r\n", "12345678901234567890")]
    [InlineData("|1\r\n+ttl\r\n:3\r\n+after an attribute\r\n", "after an attribute")]
    public async Task Read_Text_AsSent(string wire, string text)
    {
        var value = await ReadAsync(wire);

        Assert.Equal(RespKind.Text, value.Kind);
        Assert.Equal(text, value.Text);
    }

    [Fact]
    public async Task Read_InvalidationPush_NamesKeys()
    {
        var value = await ReadAsync(">2\r\n$10\r\ninvalidate\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n");

        Assert.Equal(RespKind.Push, value.Kind);
        Assert.True(value.Items[0].IsText("invalidate"));
        Assert.Equal(["a", "b"], value.Items[1].Items.Select(item => item.Text));
    }

    [Fact]
    public async Task Read_Map_FindsByKey()
    {
        var value = await ReadAsync("%2\r\n+proto\r\n:3\r\n+role\r\n+master\r\n");

        Assert.Equal("master", value.Find("role")?.Text);
        Assert.Equal(3, value.Find("proto")?.Number);
        Assert.Null(value.Find("absent"));
    }

    [Theory]
    [InlineData("-NOPERM this user has no permissions\r\n", "NOPERM")]
    [InlineData("-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' 'secret'\r\n", "ERR")]
    [InlineData("-secret is what I was sent\r\n", "ERR")]
    [InlineData("!11\r\nSYNTAX oops\r\n", "SYNTAX")]
    [InlineData("-\r\n", "ERR")]
    public async Task Read_Error_ShowsOnlyItsCode(string wire, string code) => Assert.Equal(code, (await ReadAsync(wire)).ErrorCode);

    [Theory]
    [InlineData("", "closed")]
    [InlineData("\r\n", "empty line")]
    [InlineData("\n", "CR LF")]
    [InlineData("+OK\n", "CR LF")]
    [InlineData("?\r\n", "byte 63")]
    [InlineData(":1x\r\n", "number")]
    [InlineData(":99999999999999999999\r\n", "number")]
    [InlineData("#x\r\n", "boolean")]
    [InlineData("_1\r\n", "null")]
    [InlineData("$?\r\n", "number")]
    [InlineData("$-2\r\n", "announces -2 bytes")]
    [InlineData("$9223372036854775807\r\n", "announces")]
    [InlineData("$600000\r\n", "announces")]
    [InlineData("$3\r\nabcd\r\n", "does not end")]
    [InlineData("=3\r\nabc\r\n", "verbatim")]
    [InlineData("*-2\r\n", "announces -2 values")]
    [InlineData("*100001\r\n", "announces")]
    [InlineData("%9223372036854775807\r\n", "announces")]
    [InlineData(">-1\r\n", "announces")]
    [InlineData("*1\r\n>1\r\n+x\r\n", "push")]
    [InlineData("*2\r\n+only one\r\n", "closed")]
    public async Task Read_BrokenMessage_IsOurError(string wire, string says)
    {
        var failure = await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(wire));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_DeepNesting_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(string.Concat(Enumerable.Repeat("*1\r\n", 10_000))));

        Assert.Contains("deeper", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EndlessAttributes_AreRefused()
    {
        var failure = await Assert.ThrowsAsync<RespProtocolException>(() => ReadAsync(string.Concat(Enumerable.Repeat("|0\r\n", 200_000))));

        Assert.Contains("values", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EndlessLine_IsRefusedWithinTheLimit()
    {
        var limits = new RespLimits { Text = 1000 };

        var failure = await Assert.ThrowsAsync<RespProtocolException>(
            () => new RespReader(new ChoppedStream(new byte[1_000_000], seed: 1, largest: 500), limits).ReadAsync(default).AsTask());

        Assert.Contains("1000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ManyLargeTexts_AreRefusedByTheMessageLimit()
    {
        var one = $"$1000\r\n{new string('x', 1000)}\r\n";
        var wire = Encoding.ASCII.GetBytes("*50\r\n" + string.Concat(Enumerable.Repeat(one, 50)));

        var failure = await Assert.ThrowsAsync<RespProtocolException>(
            () => new RespReader(new MemoryStream(wire), new RespLimits { Message = 10_000 }).ReadAsync(default).AsTask());

        Assert.Contains("10000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_AnnouncedButNeverSent_AllocatesLittle()
    {
        var wire = Encoding.ASCII.GetBytes("*100000\r\n*100000\r\n*100000\r\n$500000\r\nabc");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = new RespReader(new MemoryStream(wire)).ReadAsync(default);

        // Everything is at hand, so all of it ran on this thread.
        Assert.True(reading.IsFaulted);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        await Assert.ThrowsAsync<RespProtocolException>(() => reading.AsTask());
    }

    [Fact]
    public async Task Encode_Command_IsReadBack()
    {
        var reader = new RespReader(new MemoryStream(RespCommand.Encode("AUTH", "üser", "pass word\r\n", "")));

        var value = await reader.ReadAsync(default);

        Assert.Equal(["AUTH", "üser", "pass word\r\n", ""], value.Items.Select(item => item.Text));
    }

    private static Task<RespValue> ReadAsync(string wire) =>
        new RespReader(new ChoppedStream(Encoding.UTF8.GetBytes(wire), seed: wire.Length, largest: 4000)).ReadAsync(default).AsTask();
}
