using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>A PostgreSQL that runs.</summary>
internal sealed class PostgresRunning(PostgresServer server) : IRunning
{
    public int? ProcessId => server.ProcessId;

    public string Origin => server.Binary.Origin;

    public Task<int> Exited => server.Exited;

    public Task StopAsync(CancellationToken cancellationToken) => server.EndAsync(cancellationToken);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
