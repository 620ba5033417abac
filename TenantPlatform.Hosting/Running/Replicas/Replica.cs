using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>One of the processes that a resource runs as, mostly its only one: what it is called and where it listens.</summary>
internal sealed class Replica(string id, IReadOnlyDictionary<EndpointAnnotation, int>? ownPorts = null)
{
    private static readonly AsyncLocal<Replica?> Ambient = new();

    /// <summary>The replica that is being started, or asked for its health, in the present flow; null outside of that.</summary>
    public static Replica? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public string Id { get; } = id;

    /// <summary>The port that this replica listens on: the endpoint's own, unless something stands in front of several replicas.</summary>
    public int PortOf(EndpointAnnotation endpoint) =>
        ownPorts is not null && ownPorts.TryGetValue(endpoint, out var port) ? port : endpoint.AllocatedEndpoint!.Port;

    public Uri AddressOf(EndpointAnnotation endpoint) => new UriBuilder(endpoint.UriScheme, endpoint.AllocatedEndpoint!.Address, PortOf(endpoint)).Uri;
}
