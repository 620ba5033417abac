using Aspire.Hosting.ApplicationModel;
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
        var own = events.FirstOrDefault(known => string.Equals(known.ResourceId, resource.Name, StringComparison.OrdinalIgnoreCase)) ?? (events.Count > 0 ? events[0] : null);
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
            Replicas = [.. events.Where(known => known != own).Select(Replica)],
            Urls = [.. (snapshot?.Urls ?? []).Where(url => !url.IsInternal).Select(Url)],
            Created = snapshot?.CreationTimeStamp,
            Started = snapshot?.StartTimeStamp,
            Stopped = snapshot?.StopTimeStamp,
            ExitCode = snapshot?.ExitCode,
            LastLines = HasFailed(snapshot) ? [.. console.Read(resource.Name, after: 0, LastLines).Select(line => line.Text)] : [],
            Properties = [.. Properties(resource, snapshot)],
            Environment = wiring.Environment,
            Parent = (resource as IResourceWithParent)?.Parent.Name,
            Relations = wiring.Relations,
            Commands = CommandDesk.Of(resource, snapshot),
        };
    }

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
        foreach (var property in snapshot?.Properties ?? [])
            yield return SensitiveText.View(property.Name, property.Value?.ToString());
    }

    // A parameter that is not configured says so; that is worth knowing, and no reason to fail.
    private static ValueView Value(ParameterResource parameter)
    {
        if (parameter.Secret)
            return new ValueView("value", Value: null, IsMasked: true);
        try
        {
            var value = parameter.GetValueAsync();
            return new ValueView("value", value.IsCompletedSuccessfully ? SensitiveText.WithoutCredentials(value.Result ?? string.Empty) : null, IsMasked: false);
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
        known.Snapshot.Urls.FirstOrDefault(url => !url.IsInternal)?.Url);

    private static UrlView Url(UrlSnapshot url)
    {
        var shown = SensitiveText.WithoutCredentials(url.Url);
        var isLink = Uri.TryCreate(shown, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
        return new UrlView(url.Name, shown, uri is null ? shown : $"{uri.Authority}{(uri.AbsolutePath == "/" ? string.Empty : uri.AbsolutePath)}", isLink);
    }
}
