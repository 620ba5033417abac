
namespace Cache.Core.Tests.Memory;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("64 MB", 64L * 1024 * 1024, "64 MB")]
    [InlineData("1536KB", 1536L * 1024, "1536 KB")]
    [InlineData("2gb", 2L * 1024 * 1024 * 1024, "2 GB")]
    [InlineData(" 100 ", 100L, "100 B")]
    [InlineData("0", 0L, "0 B")]
    public void Parse_Size_ReadsAndWritesIt(string text, long bytes, string written)
    {
        var size = ByteSize.Parse(text);
        Assert.Equal(bytes, size.Bytes);
        Assert.Equal(written, size.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-1 MB")]
    [InlineData("1.5 MB")]
    [InlineData("10 parsecs")]
    [InlineData("99999999999999 GB")]
    public void Parse_NoSize_SaysWhatIsExpected(string? text) =>
        Assert.Contains("64 MB", Assert.Throws<FormatException>(() => ByteSize.Parse(text!)).Message, StringComparison.Ordinal);

    [Fact]
    public void Compare_Sizes_OrdersThem()
    {
        Assert.True(ByteSize.FromKilobytes(1) < ByteSize.FromMegabytes(1));
        Assert.True(ByteSize.FromMegabytes(1) > new ByteSize(1));
        Assert.True(new ByteSize(1024) <= ByteSize.FromKilobytes(1));
        Assert.True(new ByteSize(1024) >= ByteSize.FromKilobytes(1));
    }
}
