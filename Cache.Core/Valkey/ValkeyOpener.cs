using Microsoft.Extensions.Hosting;

namespace Cache.Core.Valkey;

/// <summary>Connects when the host starts. Where Valkey is required, a host without it does not start.</summary>
internal sealed class ValkeyOpener(ValkeyConnection connection) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (connection.Options.IsRequired && await ConnectionFault.FindAsync(connection.Options, connection.Time, cancellationToken).ConfigureAwait(false) is { } fault)
            throw new ValkeyConfigurationException($"{fault} CACHE_REQUIRED is 'true': without it the service starts degraded.");
        connection.Open();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
