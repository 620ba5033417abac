using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>Creates a database in its server.</summary>
internal sealed class DatabaseRunner(PostgresDatabaseResource database, PostgresRunner server) : IRunner
{
    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        await server.Databases!.CreateDatabaseAsync(database.DatabaseName, cancellationToken);
        return new Created(database);
    }

    private sealed class Created(PostgresDatabaseResource database) : IRunning
    {
        public int? ProcessId => null;

        public string Origin => $"in {database.Parent.Name}";

        public Task<int> Exited { get; } = new TaskCompletionSource<int>().Task;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
