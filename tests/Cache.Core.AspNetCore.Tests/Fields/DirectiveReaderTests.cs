using Cache.Core.AspNetCore.Directives;

namespace Cache.Core.AspNetCore.Tests.Fields;

/// <summary>RFC 9110, section 5.6.4: a backslash in quotes stands before what stands for itself, another backslash too.</summary>
public sealed class DirectiveReaderTests
{
    [Theory]
    [InlineData("a=\"b\"", "b")]
    [InlineData("a=\"b\\\"c\"", "b\"c")]
    [InlineData("a=\"b\\\\c\"", "b\\c")]
    [InlineData("a=\"\\b\"", "b")]
    [InlineData("a=b\\c", "b\\c")]
    [InlineData("a=\"b", "\"b")]
    [InlineData("a=\"\"", "")]
    public void Argument_IsUnquoted(string field, string argument) => Assert.Equal([("a", argument)], DirectiveReader.Read(field));
}
