using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Contracts;

namespace TenantManager.Client.Tests.Databases;

/// <summary>Counts, and waits or fails where a test wants it to.</summary>
internal sealed class GatedInitializer : ITenantDatabaseInitializer
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public Task Gate { get; set; } = Task.CompletedTask;

    public Exception? Failure { get; set; }

    public async Task InitializeAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        await Gate.WaitAsync(cancellationToken);
        if (Failure is not null)
            throw Failure;
    }
}
