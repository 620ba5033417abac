using TenantPlatform.Observer.Pods;

namespace TenantPlatform.Observer.Configuration;

/// <summary>Whom the observer asks, and how often. Holds keys: never log it.</summary>
internal sealed class ObserverOptions
{
    /// <summary>The tenant-manager (<c>MULTI_TENANT_URL</c>).</summary>
    public Uri Manager { get; set; } = new("http://tenant-manager");

    /// <summary>The key for the tenant-manager (<c>MULTI_TENANT_SERVICE_API_KEY</c>).</summary>
    public string ApiKey { get; set; } = string.Empty;

    /// <summary>The service that the pods belong to (<c>MULTI_TENANT_SERVICE_NAME</c>).</summary>
    public string ServiceName { get; set; } = string.Empty;

    /// <summary>The pods, each by its own address (<c>OBSERVER_PODS</c>).</summary>
    public IReadOnlyList<Pod> Pods { get; set; } = [];

    /// <summary>The key that the pods show their basis for (<c>MULTI_TENANT_DIAGNOSTICS_KEY</c>).</summary>
    public string DiagnosticsKey { get; set; } = string.Empty;

    /// <summary>One in so many changes is watched (<c>OBSERVER_ONE_IN</c>).</summary>
    public int OneIn { get; set; } = 10;

    /// <summary>How often the tenant-manager is asked what has changed (<c>OBSERVER_SWEEP_SEC</c>).</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a pod is asked until it agrees (<c>OBSERVER_ASK_SEC</c>).</summary>
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromSeconds(0.25);

    /// <summary>How long a change is watched at most (<c>OBSERVER_GIVE_UP_SEC</c>).</summary>
    public TimeSpan GiveUp { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The bound on one question.</summary>
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most changes watched at a time.</summary>
    public int MostWatches { get; set; } = 200;
}
