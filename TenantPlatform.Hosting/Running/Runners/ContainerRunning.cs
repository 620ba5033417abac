using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Containers;

namespace TenantPlatform.Hosting.Running;

/// <summary>A container that runs.</summary>
internal sealed class ContainerRunning(Container container) : IRunning
{
    public Container Container { get; } = container;

    public int? ProcessId => null;

    public string Origin => $"{Container.Image} ({Container.Engine.Name} {Container.Engine.Version})";

    public IReadOnlyList<ResourcePropertySnapshot> Facts =>
    [
        new(ResourceProperties.ContainerId, Container.Id),
        new(ResourceProperties.ContainerImage, Container.Image),
        new(ResourceProperties.ContainerEngine, Container.Engine.Program),
    ];

    public Task<int> Exited => Container.Exited;

    public Task StopAsync(CancellationToken cancellationToken) => Container.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => Container.DisposeAsync();
}
