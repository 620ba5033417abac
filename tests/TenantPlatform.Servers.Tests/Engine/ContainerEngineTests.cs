namespace TenantPlatform.Servers.Tests.Engine;

/// <summary>Whether an engine answers is asked of it, not guessed from what is installed.</summary>
public sealed class ContainerEngineTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _limit.Dispose();

    [Theory]
    [InlineData("docker", "version --format {{.Server.Version}}")]
    [InlineData("podman", "version --format {{.Client.Version}}")]
    public async Task EngineThatAnswers_IsThere_WithItsVersion(string name, string question)
    {
        using var engine = new EngineScript(name, "echo 99.0");

        var answer = await ContainerEngine.AskAsync(engine.Path, _limit.Token);

        Assert.True(answer.IsThere);
        Assert.Equal($"{engine.Path} 99.0 answers", answer.Reason);
        Assert.Equal([question], engine.Asked);
    }

    [Fact]
    public async Task ProgramWithoutEngine_IsNotThere_AndIsNamed()
    {
        using var engine = EngineScript.Silent();

        var answer = await ContainerEngine.AskAsync(engine.Path, _limit.Token);

        Assert.False(answer.IsThere);
        Assert.Equal("docker is installed, but no engine answers", answer.Reason);
    }

    [Fact]
    public async Task ProgramThatCannotBeRun_IsNotThere_AndSaysSo()
    {
        using var engine = new EngineScript("docker", string.Empty);
        await File.WriteAllTextAsync(engine.Path, "#!/no/such/interpreter\n", _limit.Token);

        var answer = await ContainerEngine.AskAsync(engine.Path, _limit.Token);

        Assert.False(answer.IsThere);
        Assert.StartsWith("docker ", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoProgram_IsNotThere_AndSaysWhich()
    {
        var answer = await ContainerEngine.AskAsync("no-such-engine", _limit.Token);

        Assert.Equal(new EngineAnswer(IsThere: false, "there is no no-such-engine"), answer);
    }
}
