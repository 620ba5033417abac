using Cache.Core.AspNetCore.Fields;

namespace Cache.Core.AspNetCore.Tests.Fields;

public sealed class HttpDateTests
{
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("sUn, 06 nOV 1994 08:49:37 gMt")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    public void Rfc9110_5_6_7_EachForm_IsUnderstood(string text)
    {
        Assert.True(HttpDate.TryParse(text, out var date));
        Assert.Equal(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero), date);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 AEST")]
    [InlineData("Sun, 06 Nov 94 08:49:37 GMT")]
    [InlineData("Sun 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06  Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06-Nov-1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08.49.37 GMT")]
    [InlineData("Sun, 06 Nov 1994 8:49:37 GMT")]
    [InlineData("Sun, 31 Feb 1994 08:49:37 GMT")]
    public void Rfc9110_5_6_7_WhatIsNoDate_IsNone(string text) => Assert.False(HttpDate.TryParse(text, out _));

    [Fact]
    public void Rfc9110_5_6_7_TwoLines_AreNoDate() =>
        Assert.Null(HttpDate.Parse(new string[] { "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT" }));
}
