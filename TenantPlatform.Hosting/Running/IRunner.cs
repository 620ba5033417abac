namespace TenantPlatform.Hosting.Running;

/// <summary>Knows how to run resources of one kind.</summary>
internal interface IRunner
{
    /// <summary>Starts the resource; returns when it can be talked to, as far as that can be told without health checks.</summary>
    Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken);
}
