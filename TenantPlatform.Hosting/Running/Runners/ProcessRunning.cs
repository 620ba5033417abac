using TenantPlatform.Hosting.Processes;

namespace TenantPlatform.Hosting.Running;

/// <summary>A child process.</summary>
internal sealed class ProcessRunning(ChildProcess process, string origin) : IRunning
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    public int? ProcessId => process.Id;

    public string Origin { get; } = origin;

    public Task<int> Exited => process.Exited;

    public Task StopAsync(CancellationToken cancellationToken) => process.StopAsync(StopLimit, cancellationToken);

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
