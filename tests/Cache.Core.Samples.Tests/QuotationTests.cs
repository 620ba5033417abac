namespace Cache.Core.Samples.Tests;

/// <summary>What a page quotes reads as whole code: nothing is cut off, and no indentation remains of what was around it.</summary>
public sealed class QuotationTests
{
    private static readonly string[] File =
    [
        "    {",
        "        var numbers = Read();",
        "        foreach (var n in numbers)",
        "        {",
        "            Add(n);",
        "        }",
        "    }",
    ];

    [Theory]
    [InlineData("foreach (var n in numbers)\n{\n    Add(n);\n}")]
    [InlineData("Add(n);")]
    [InlineData("var numbers = Read();\n\nAdd(n);")]
    public void OfWholeCode_HasNoFault(string quoted) => Assert.Null(Quotation.FaultIn(quoted, File));

    [Theory]
    [InlineData("    Add(n);")]
    [InlineData("foreach (var n in numbers)\n{\nAdd(n);\n}")]
    [InlineData("foreach (var n in numbers)\n{\n    Add(n);")]
    [InlineData("foreach (var n in numbers)")]
    [InlineData("Add(n);\n\nvar numbers = Read();")]
    [InlineData("Add(m);")]
    public void IndentedCutOffOrAnother_HasOne(string quoted) => Assert.NotNull(Quotation.FaultIn(quoted, File));
}
