using System.Security.Cryptography;
using TenantPlatform.LocalServers;

namespace Ledger.Benchmarks;

/// <summary>A PostgreSQL and a Valkey of this run's own.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private Servers(PostgresServer postgres, ValkeyServer valkey)
    {
        Postgres = postgres;
        Valkey = valkey;
    }

    public PostgresServer Postgres { get; }

    public ValkeyServer Valkey { get; }

    public static async Task<Servers> StartAsync(CancellationToken stop)
    {
        var valkey = await ValkeyServer.StartAsync(
            new ValkeyServerOptions { Binary = (await ServerLocator.FindValkeyAsync(cancellationToken: stop)).Require(), Password = RandomNumberGenerator.GetHexString(24) }, stop);
        try
        {
            return new Servers(
                await PostgresServer.StartAsync(
                    new PostgresServerOptions { Binary = (await ServerLocator.FindPostgresAsync(cancellationToken: stop)).Require(), Password = RandomNumberGenerator.GetHexString(24) }, stop),
                valkey);
        }
        catch
        {
            await valkey.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Valkey.DisposeAsync();
    }
}
