using Microsoft.Extensions.Hosting;

namespace Cache.Core.Valkey;

/// <summary>
/// Connects when the host starts, and has it wait until that has succeeded, failed, or taken too long: so no request ever does.
/// Where Valkey is required, a host without it does not start.
/// </summary>
internal sealed class ValkeyOpener(ValkeyConnection connection) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (connection.Options.IsRequired && await ConnectionFault.FindAsync(connection.Options, connection.Time, cancellationToken).ConfigureAwait(false) is { } fault)
            throw new ValkeyConfigurationException($"{fault} CACHE_REQUIRED is 'true': without it the service starts degraded.");
        connection.Open();
        await connection.DecidedAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
