using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>A resource as the pages see it. Holds no secret.</summary>
internal sealed record ResourceView
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What kind it is, such as <c>Project</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its state; absent when it has none, as a parameter.</summary>
    public string? State { get; init; }

    /// <summary>How the state is to be shown, where the resource says so.</summary>
    public string? StateStyle { get; init; }

    /// <summary>The worst of its checks while it runs.</summary>
    public HealthStatus? Health { get; init; }

    /// <summary>What each check found.</summary>
    public IReadOnlyList<HealthView> Reports { get; init; } = [];

    /// <summary>Its replicas, where it has several.</summary>
    public IReadOnlyList<ReplicaView> Replicas { get; init; } = [];

    /// <summary>Where it is.</summary>
    public IReadOnlyList<UrlView> Urls { get; init; } = [];

    /// <summary>When it was created.</summary>
    public DateTime? Created { get; init; }

    /// <summary>When it last started.</summary>
    public DateTime? Started { get; init; }

    /// <summary>When it last stopped.</summary>
    public DateTime? Stopped { get; init; }

    /// <summary>How its process last ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What it wrote last, when it has failed.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    /// <summary>Facts.</summary>
    public IReadOnlyList<ValueView> Properties { get; init; } = [];

    /// <summary>Its variables: texts, and expressions that name other resources.</summary>
    public IReadOnlyList<ValueView> Environment { get; init; } = [];

    /// <summary>The resource that it lives in.</summary>
    public string? Parent { get; init; }

    /// <summary>The resources that it uses or waits for.</summary>
    public IReadOnlyList<RelationView> Relations { get; init; } = [];

    /// <summary>What can be done to it.</summary>
    public IReadOnlyList<CommandView> Commands { get; init; } = [];
}
