using System.Diagnostics;

namespace TenantPlatform.Drills.Tests.Targets;

/// <summary>Drills on a real process: each returns when the kernel shows its effect.</summary>
public sealed class ProcessTargetTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Process _process = Process.Start(new ProcessStartInfo("sleep", "600") { UseShellExecute = false })!;

    [Fact]
    public async Task PauseAndResume_FreezeTheProcess_AndLetItGoOn()
    {
        var target = new ProcessTarget(_process.Id);

        await target.PauseAsync(CancellationToken.None);
        Assert.Equal('T', State());

        await target.ResumeAsync(CancellationToken.None);
        Assert.NotEqual('T', State());
        Assert.False(_process.HasExited);
    }

    [Fact]
    public async Task Kill_EndsAFrozenProcessToo()
    {
        var target = new ProcessTarget(_process.Id);
        await target.PauseAsync(CancellationToken.None);

        await target.KillAsync(CancellationToken.None);

        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task AProcessThatIsGone_IsSaid()
    {
        var target = new ProcessTarget(_process.Id);
        await target.KillAsync(CancellationToken.None);
        await _process.WaitForExitAsync().WaitAsync(Limit);

        var failure = await Assert.ThrowsAsync<DrillException>(() => target.PauseAsync(CancellationToken.None));

        Assert.Contains($"process {_process.Id}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ServiceOfAProcessThatWrapsNothing_IsTheProcess() => Assert.Equal(_process.Id, ProcessTree.Service(_process.Id));

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private char State()
    {
        var text = File.ReadAllText($"/proc/{_process.Id}/stat");
        return text[text.LastIndexOf(')') + 2];
    }
}
