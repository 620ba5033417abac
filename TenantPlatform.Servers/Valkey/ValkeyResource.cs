using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>A Valkey server, shaped as Aspire's own Valkey resource: the same connection string, the same properties.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="password">The default user's password.</param>
public sealed class ValkeyResource(string name, ParameterResource? password = null) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    private EndpointReference? _primaryEndpoint;

    /// <summary>Where clients connect.</summary>
    public EndpointReference PrimaryEndpoint => _primaryEndpoint ??= new EndpointReference(this, PrimaryEndpointName);

    /// <summary>The host part of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port part of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The default user's password; null: none is asked for.</summary>
    public ParameterResource? PasswordParameter { get; } = password;

    /// <summary>The address and password as StackExchange.Redis reads them: <c>host:port,password=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => PasswordParameter is null
        ? ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}")
        : ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter}");

    internal ValkeyPersistenceAnnotation? Persistence() => Annotations.OfType<ValkeyPersistenceAnnotation>().LastOrDefault();

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        if (PasswordParameter is not null)
            yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
        yield return new("Uri", PasswordParameter is null
            ? ReferenceExpression.Create($"valkey://{Host}:{Port}")
            : ReferenceExpression.Create($"valkey://:{PasswordParameter:uri}@{Host}:{Port}"));
    }
}
