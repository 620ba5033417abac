using System.Diagnostics;

namespace TenantPlatform.Drills;

/// <summary>A container, reached by its engine's program.</summary>
internal sealed class ContainerTarget(string engine, string id) : IDrillTarget
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public Task KillAsync(CancellationToken cancellationToken) => RunAsync("kill", cancellationToken);

    public Task PauseAsync(CancellationToken cancellationToken) => RunAsync("pause", cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) => RunAsync("unpause", cancellationToken);

    private async Task RunAsync(string verb, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(engine, [verb, id])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"'{engine}' did not start.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{engine} {verb} failed: {(await error).Trim()}");
    }
}
