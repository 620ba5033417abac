using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Containers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs a container of the AppHost's choice: with an engine, or not at all.</summary>
internal sealed class ContainerRunner(ContainerResource resource, Replica replica, ResourceValues values, ContainerSource source, RunContext run) : IRunner
{
    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        var tried = new List<string>();
        var engine = await source.FindAsync(resource, tried, text => log.Write(text, isError: false), cancellationToken)
            ?? throw new DistributedApplicationException(
                $"The container {ContainerSource.ImageOf(resource)} needs an engine that has or can pull its image. Tried: {string.Join("; ", tried)}. Start docker or podman.");
        return new ContainerRunning(await Container.StartAsync(
            engine,
            new ContainerOptions
            {
                Resource = resource.Name,
                Owner = run.Owner,
                Image = ContainerSource.ImageOf(resource),
                Entrypoint = resource.Entrypoint,
                Arguments = await ResourceValues.ArgumentsAsync(resource, cancellationToken),
                Environment = await values.EnvironmentAsync(resource, replica, cancellationToken),
                Ports = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(Ports)],
                Mounts = [.. resource.Annotations.OfType<ContainerMountAnnotation>().Select(run.Volume)],
                Output = log.Write,
            },
            cancellationToken));
    }

    private (int Host, int Container) Ports(EndpointAnnotation endpoint) => (
        replica.PortOf(endpoint),
        endpoint.TargetPort ?? throw new DistributedApplicationException($"The endpoint '{endpoint.Name}' of the container '{resource.Name}' has no target port: say which port the container listens on."));
}
