using System.Collections.Concurrent;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.ThirdService.Tests;

/// <summary>Who follows docs/third-service.md word by word gets what it says.</summary>
public sealed class ThirdServiceTests(BuiltPage page) : IClassFixture<BuiltPage>
{
    private const string Mark = "--- next ---";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public void Page_EveryBlock_IsAFileOrAStepOrTheVariables()
    {
        Assert.NotNull(page);
        Assert.Equal(Page.Blocks, Page.Additions.Count + (2 * Page.Steps.Count) + 1);
        Assert.Equal(["KEY", "MANAGER", "NOTES"], Page.Variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Page_FollowedWordByWord_AnswersAsItSays()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var platform = await Platform.StartAsync(limit.Token);

        var printed = await RunAsync(platform, limit.Token);

        Assert.True(printed.Count == Page.Steps.Count, $"The shell came as far as step {printed.Count} of {Page.Steps.Count}:\n{string.Join("\n", printed)}\n\nThe service says:\n{platform.Output}");
        foreach (var (step, answer) in Page.Steps.Zip(printed))
            Assert.True(step.IsAnsweredBy(answer), $"The page has\n{step.Script}\nanswered by\n{step.Answer}\nbut it prints\n{answer}\n\nThe service says:\n{platform.Output}");
    }

    [Fact]
    public async Task AppHost_WithWhatThePageAdds_IsBuilt() => await BuiltPage.BuildAppHostAsync();

    /// <summary>Runs all steps in one shell, as the reader does.</summary>
    /// <returns>What each has printed.</returns>
    private static async Task<IReadOnlyList<string>> RunAsync(Platform platform, CancellationToken cancellationToken)
    {
        var output = new ConcurrentQueue<string>();
        await using var shell = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "bash",
                Arguments = ["-s"],
                StandardInput = string.Concat(Page.Steps.Select(step => $"{step.Script}\necho '{Mark}'\n")),
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["MANAGER"] = platform.Manager.ToString().TrimEnd('/'),
                    ["NOTES"] = platform.Notes.ToString().TrimEnd('/'),
                    ["KEY"] = Platform.ServiceKey,
                },
                OutputLine = output.Enqueue,
                ErrorLine = output.Enqueue,
            },
            cancellationToken);
        await shell.Exited.WaitAsync(cancellationToken);
        return [.. string.Join('\n', output).Split(Mark)[..^1].Select(part => part.Trim('\n'))];
    }
}
