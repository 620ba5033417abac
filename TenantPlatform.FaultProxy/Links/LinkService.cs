namespace TenantPlatform.FaultProxy.Links;

/// <summary>Starts and stops the links with the process.</summary>
internal sealed class LinkService(LinkTable links) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var link in links.All)
            link.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(links.All.Select(link => link.StopAsync(cancellationToken)));
}
