using Microsoft.Extensions.Hosting;

namespace Cache.Core.Valkey.Ring;

/// <summary>As <see cref="ValkeyOpener"/>, for the ring. Where Valkey is required, one node at least must be there.</summary>
internal sealed class RingOpener(RingNodes nodes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (nodes.Options.IsRequired && await ConnectionFault.FindAsync(nodes.Options, nodes.Time, cancellationToken).ConfigureAwait(false) is { } fault)
            throw new ValkeyConfigurationException($"{fault} CACHE_REQUIRED is 'true': without it the service starts degraded.");
        await nodes.DecidedAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
