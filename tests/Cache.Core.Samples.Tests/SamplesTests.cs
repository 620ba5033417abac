using TenantPlatform.CommandLine;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests;

/// <summary>Every sample runs, prints what the documentation says that it prints, and holds the code that is quoted of it.</summary>
public sealed class SamplesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Verbs => new(Catalog.All.Select(sample => sample.Verb));

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Run_PrintsWhatTheDocumentationSays(string verb)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var output = new StringWriter { NewLine = "\n" };

        Assert.Equal(ExitCode.Success, await Catalog.ToCommand(output).RunAsync([verb], output, cancellationToken: limit.Token));

        Assert.True(Page.Outputs.ContainsKey(verb), $"docs/cache-core.md says nothing of {verb}. It prints:\n{output}");
        Assert.Equal(Page.Outputs[verb], output.ToString().TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Code_ThatTheDocumentationQuotes_StandsInTheSample(string verb)
    {
        var file = Catalog.All.Single(sample => sample.Verb == verb).GetType();
        var folder = file.Namespace!.Split('.')[^1];
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "samples/Cache.Core.Samples", folder, $"{file.Name}.cs"));

        Assert.NotEmpty(Page.Code[verb]);
        Assert.All(Page.Code[verb], code => Assert.Null(Quotation.FaultIn(code, lines)));
    }

    [Fact]
    public void Code_ThatTheDocumentationQuotesOfOtherFiles_StandsInThem()
    {
        Assert.NotEmpty(Page.OtherCode);
        Assert.All(Page.OtherCode, quoted => Assert.Null(Quotation.FaultIn(quoted.Text, File.ReadAllLines(Path.Combine(Repository.Root, quoted.Path)))));
    }

    [Fact]
    public async Task List_NamesEverySample()
    {
        await using var output = new StringWriter();

        Assert.Equal(ExitCode.Success, await Catalog.ToCommand(output).RunAsync([], output));

        Assert.All(Catalog.All, sample => Assert.Contains(sample.Shows, output.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OfAMisspeltSample_RefusesAndTellsWhatWasMeant()
    {
        await using var error = new StringWriter();

        Assert.Equal(ExitCode.Refused, await Catalog.ToCommand(TextWriter.Null).RunAsync(["get-or-fetsh"], TextWriter.Null, error));

        Assert.Contains("'get-or-fetsh'", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("get-or-fetch", error.ToString(), StringComparison.Ordinal);
    }
}
