using System.ComponentModel;
using System.Diagnostics;

namespace TenantPlatform.Drills;

/// <summary>A container, reached by its engine's program.</summary>
internal sealed class ContainerTarget(string engine, string id) : IDrillTarget
{
    private const int ShownIdLength = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public Task KillAsync(CancellationToken cancellationToken) => ActAsync("kill", state => state is not ("running" or "paused"), cancellationToken);

    public Task PauseAsync(CancellationToken cancellationToken) => ActAsync("pause", state => state == "paused", cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) => ActAsync("unpause", state => state == "running", cancellationToken);

    public override string ToString() => $"container {(id.Length > ShownIdLength ? id[..ShownIdLength] : id)}";

    private async Task ActAsync(string verb, Predicate<string> hasEffect, CancellationToken cancellationToken)
    {
        await RunAsync([verb, id], cancellationToken);
        await Effect.UntilAsync(
            $"{this} after {engine} {verb}", async () => hasEffect(await RunAsync(["inspect", "--format", "{{.State.Status}}", id], cancellationToken)), cancellationToken);
    }

    private async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(engine, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }) ?? throw new DrillException($"'{engine}' did not start.");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output.Trim() : throw new DrillException($"{engine} {arguments[0]} failed: {(await error).Trim()}");
        }
        catch (Win32Exception exception)
        {
            throw new DrillException($"'{engine}' could not be run: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DrillException($"{engine} {arguments[0]} took longer than {Limit.TotalSeconds:0} s.", exception);
        }
    }
}
