namespace TenantPlatform.Hosting.Running;

/// <summary>What listens on the one address of several replicas.</summary>
internal interface IFront : IAsyncDisposable
{
    ReplicaPool Pool { get; }

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes nothing new, lets what goes on end within a limit, and cuts the rest.</summary>
    Task StopAsync();
}
