using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.Hosting.Dashboard.Console;
using TenantPlatform.Hosting.Running;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>Makes what is known of a resource into what is shown of it.</summary>
internal sealed class ResourceViews(ConsoleBoard console, ResourceRelations relations)
{
    private const int LastLines = 12;

    /// <summary>A resource as the pages see it.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="events">What is known of it and of its replicas.</param>
    public async Task<ResourceView> OfAsync(IResource resource, IReadOnlyList<ResourceEvent> events)
    {
        // Of several replicas the one that needs attention stands for all.
        var own = events.OrderBy(Fitness).FirstOrDefault();
        var snapshot = own?.Snapshot;
        var wiring = await relations.OfAsync(resource);
        return new ResourceView
        {
            Name = resource.Name,
            Type = snapshot?.ResourceType ?? resource.GetType().Name.Replace("Resource", string.Empty, StringComparison.Ordinal),
            State = snapshot?.State?.Text,
            StateStyle = snapshot?.State?.Style,
            Health = snapshot?.HealthStatus,
            Reports = [.. (snapshot?.HealthReports ?? []).Select(report => new HealthView(report.Name, report.Status, report.Description, report.ExceptionText))],
            Replicas = events.Count < 2 ? [] : [.. events.Select(Replica)],
            Urls = [.. (snapshot?.Urls ?? []).Where(url => !url.IsInternal).OrderByDescending(url => url.DisplayProperties.SortOrder).Select(Url)],
            Created = snapshot?.CreationTimeStamp,
            Started = snapshot?.StartTimeStamp,
            Stopped = snapshot?.StopTimeStamp,
            ExitCode = snapshot?.ExitCode,
            LastLines = HasFailed(snapshot) ? [.. console.Read(own!.ResourceId, after: 0, LastLines).Select(line => line.Text)] : [],
            Properties = [.. Properties(resource, snapshot)],
            Environment = wiring.Environment,
            Parent = (resource as IResourceWithParent)?.Parent.Name,
            Relations = [.. wiring.Relations.Concat((snapshot?.Relationships ?? []).Select(Relation)).Distinct()],
            Commands = CommandDesk.Of(events),
        };
    }

    private static int Fitness(ResourceEvent known) => known.Snapshot switch
    {
        var failed when HasFailed(failed) => 0,
        { HealthStatus: HealthStatus.Unhealthy } => 1,
        { HealthStatus: HealthStatus.Degraded } => 2,
        { HealthStatus: null } => 3,
        _ => 4,
    };

    private static RelationView Relation(RelationshipSnapshot known) => new(known.ResourceName, known.Type switch
    {
        "Parent" => "parent",
        "WaitFor" => "wait",
        _ => "reference",
    });

    private static bool HasFailed(CustomResourceSnapshot? snapshot) =>
        snapshot?.State?.Text is { } state
        && (state == KnownResourceStates.FailedToStart
            || (state == KnownResourceStates.Exited && (snapshot.ExitCode is not (null or 0) || Failure(snapshot) is not null)));

    private static object? Failure(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == ResourceProperties.Failure)?.Value;

    private static IEnumerable<ValueView> Properties(IResource resource, CustomResourceSnapshot? snapshot)
    {
        if (resource is ParameterResource parameter)
            yield return Value(parameter);
        foreach (var property in (snapshot?.Properties ?? []).Where(property => property.Name is not (ResourceProperties.LastLines or ResourceProperties.Value)))
            yield return property.IsSensitive ? new ValueView(property.Name, Value: null, IsMasked: true) : SensitiveText.View(property.Name, property.Value?.ToString());
    }

    // A parameter that is not configured says so; that is worth knowing, and no reason to fail.
    private static ValueView Value(ParameterResource parameter)
    {
        if (parameter.Secret)
            return new ValueView("value", Value: null, IsMasked: true);
        try
        {
            var value = parameter.GetValueAsync();
            return SensitiveText.View(parameter.Name, value.IsCompletedSuccessfully ? value.Result ?? string.Empty : null) with { Name = "value" };
        }
        catch (Exception exception)
        {
            return new ValueView("missing", exception.Message, IsMasked: false);
        }
    }

    private static ReplicaView Replica(ResourceEvent known) => new(
        known.ResourceId,
        known.Snapshot.State?.Text,
        known.Snapshot.HealthStatus,
        known.Snapshot.ExitCode,
        Own(known) is { } url ? SensitiveText.WithoutCredentials(url.Url) : null,
        known.Snapshot.StartTimeStamp,
        CommandDesk.Of([known]));

    // The address in front of all is the resource's; a replica's own stands beside it.
    private static UrlSnapshot? Own(ResourceEvent known)
    {
        var urls = known.Snapshot.Urls;
        return urls.FirstOrDefault(url => url.DisplayProperties.DisplayName.StartsWith(known.ResourceId, StringComparison.OrdinalIgnoreCase)) ?? urls.FirstOrDefault(url => !url.IsInternal);
    }

    private static UrlView Url(UrlSnapshot url)
    {
        var shown = SensitiveText.WithoutCredentials(url.Url);
        var isLink = Uri.TryCreate(shown, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
        var name = url.DisplayProperties.DisplayName;
        return new UrlView(url.Name, shown, name.Length > 0 ? name : uri is null ? shown : $"{uri.Authority}{(uri.AbsolutePath == "/" ? string.Empty : uri.AbsolutePath)}", isLink);
    }
}
