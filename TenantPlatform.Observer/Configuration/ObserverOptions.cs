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

    /// <summary>Whether the pods are those that the tenant-manager lists, instead of <see cref="Pods"/>.</summary>
    public bool ArePodsListed { get; set; }

    /// <summary>Whether keys may be sent by <c>http</c> (<c>MULTI_TENANT_ALLOW_INSECURE_HTTP</c>).</summary>
    public bool IsInsecureAllowed { get; set; }

    /// <summary>How often the tenant-manager is asked which pods there are: as often as pods say so.</summary>
    public TimeSpan PodsInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The key that the pods show their basis for (<c>MULTI_TENANT_DIAGNOSTICS_KEY</c>).</summary>
    public string DiagnosticsKey { get; set; } = string.Empty;

    /// <summary>One in so many changes is watched (<c>OBSERVER_ONE_IN</c>).</summary>
    public int OneIn { get; set; } = 10;

    /// <summary>How often the list of tenants is searched for changes that the change feed has not told of (<c>OBSERVER_SWEEP_SEC</c>).</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The gap between the first two questions about a change. Each is twice as long as the one before it, up to <see cref="AskInterval"/>.</summary>
    public TimeSpan FirstGap { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest gap between questions until a respondent agrees (<c>OBSERVER_ASK_SEC</c>).</summary>
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromSeconds(0.25);

    /// <summary>How long a change is watched at most (<c>OBSERVER_GIVE_UP_SEC</c>).</summary>
    public TimeSpan GiveUp { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>The bound on one question.</summary>
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most changes that one respondent is asked about at a time (<c>OBSERVER_MOST_CHANGES</c>).</summary>
    public int MostChanges { get; set; } = 50;

    /// <summary>The most questions under way at one respondent (<c>OBSERVER_MOST_QUESTIONS</c>).</summary>
    public int MostQuestions { get; set; } = 4;

    /// <summary>How long the change feed may wait for a change before it answers.</summary>
    public TimeSpan FeedWait { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>From one question to the feed to the next, while it has changes to tell of.</summary>
    public TimeSpan FeedGap { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>From one question to the feed to the next, where it does not wait for a change, and after it has failed.</summary>
    public TimeSpan FeedRest { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a tenant-manager without a change feed is left before it is looked whether it has one now.</summary>
    public TimeSpan FeedRetry { get; set; } = TimeSpan.FromMinutes(5);
}
