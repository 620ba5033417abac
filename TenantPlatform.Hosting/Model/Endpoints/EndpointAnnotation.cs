using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocation = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Creates an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">The scheme, such as <c>http</c>; <c>tcp</c> unless told.</param>
    /// <param name="transport">The transport; the scheme unless told.</param>
    /// <param name="name">The name; the scheme unless told.</param>
    /// <param name="port">The port that clients use; null: a free one.</param>
    /// <param name="targetPort">The port that the resource listens on.</param>
    /// <param name="isExternal">Whether the endpoint is meant for the outside.</param>
    /// <param name="isProxied">Accepted and not used: something stands between clients and processes only where there are replicas.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Transport = transport ?? UriScheme;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>The name, unique in the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme.</summary>
    public string UriScheme { get; set; }

    /// <summary>The transport.</summary>
    public string Transport { get; set; }

    /// <summary>The port that clients use; null: a free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the resource listens on.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host that the resource listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether the endpoint is meant for the outside.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Accepted and not used: something stands between clients and processes only where there are replicas.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Where the endpoint really is; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocation.Task.IsCompletedSuccessfully ? _allocation.Task.Result : null;
        set => _allocation.TrySetResult(value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>The variable that the resource wants its port in.</summary>
    internal string? PortVariable { get; set; }

    internal Task<AllocatedEndpoint> WaitAsync(CancellationToken cancellationToken) => _allocation.Task.WaitAsync(cancellationToken);
}
