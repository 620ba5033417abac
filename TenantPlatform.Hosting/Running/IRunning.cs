using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>A resource that runs.</summary>
internal interface IRunning : IAsyncDisposable
{
    /// <summary>Its process; null when it has none of its own.</summary>
    int? ProcessId { get; }

    /// <summary>What runs, for people.</summary>
    string Origin { get; }

    /// <summary>What else is known of it, as Aspire names it.</summary>
    IReadOnlyList<ResourcePropertySnapshot> Facts => [];

    /// <summary>Ends with the exit code; never, when there is no process.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends it in order, by force after a while.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
