using Cache.Core.AspNetCore.Fields;

namespace Cache.Core.AspNetCore.Tests.Fields;

public sealed class StructuredParserTests
{
    [Theory]
    [InlineData("a=1")]
    [InlineData("a=-999999999999999")]
    [InlineData("a=1.5, b=0.001;x")]
    [InlineData("a=\"x \\\" y\"")]
    [InlineData("a, b;q=1;r, c=?0")]
    [InlineData("a=(1 2 \"x\");p, b=()")]
    [InlineData("a=:aGVsbG8=:")]
    [InlineData("a=@1659578233")]
    [InlineData("a=%\"f%c3%bc\"")]
    [InlineData("a=tok/en:1, *b=*x")]
    [InlineData(" a=1 ,\t b=2 ")]
    [InlineData("")]
    public void Rfc9651_4_2_WellFormed_IsRead(string field) => Assert.NotNull(StructuredParser.Dictionary(field));

    [Theory]
    [InlineData("A=1")]
    [InlineData("a=")]
    [InlineData("a =1")]
    [InlineData("a= 1")]
    [InlineData("a=1,")]
    [InlineData("a=1 b=2")]
    [InlineData("a=1000000000000000")]
    [InlineData("a=1.")]
    [InlineData("a=1.2345")]
    [InlineData("a=\"x")]
    [InlineData("a=\"\\x\"")]
    [InlineData("a=?2")]
    [InlineData("a=(1")]
    [InlineData("a=(1,2)")]
    [InlineData("a=:*:")]
    [InlineData("a=@1.5")]
    [InlineData("a=%\"%C3\"")]
    [InlineData("a=%\"%c3\"")]
    [InlineData("max-age=1, &&&&")]
    public void Rfc9651_4_2_ASingleFault_MakesItNone(string field) => Assert.Null(StructuredParser.Dictionary(field));

    [Fact]
    public void Rfc9651_4_2_2_OfTheSameKey_TheLastCounts()
    {
        var members = StructuredParser.Dictionary(new string[] { "a=1, b", "a=2" });
        Assert.Equal(2, members!["a"].Number);
        Assert.Equal(StructuredValue.True, members["b"]);
    }
}
