namespace Cache.Core.Samples.Tests.Packing;

/// <summary>A build that hangs must not hang the tests.</summary>
public sealed class DotnetCommandTests : IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("command-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task CommandThatHangs_IsKilledAtItsLimit_AndNamed()
    {
        Write("""<Exec Command="sleep 3600" />""");

        var error = await Assert.ThrowsAsync<TimeoutException>(() => DotnetCommand.RunAsync(_folder, TimeSpan.FromSeconds(2), "build", "Commanded.proj").WaitAsync(Enough));

        Assert.Contains("'dotnet build Commanded.proj' did not end within 00:00:02", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandThatFails_SaysWhatItPrinted()
    {
        Write("""<Error Text="no such luck" />""");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => DotnetCommand.RunAsync(_folder, Enough, "build", "Commanded.proj"));

        Assert.Contains("ended with 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("no such luck", error.Message, StringComparison.Ordinal);
    }

    private void Write(string task) => File.WriteAllText(Path.Combine(_folder, "Commanded.proj"), $"""<Project DefaultTargets="Build"><Target Name="Restore" /><Target Name="Build">{task}</Target></Project>""");
}
