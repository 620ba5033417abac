using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>How the replicas of a resource are called: the resource's name when there is one, otherwise numbered.</summary>
internal static class ReplicaIds
{
    public static IReadOnlyList<string> Of(IResource resource)
    {
        var count = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
        return count == 1 ? [resource.Name] : [.. Enumerable.Range(1, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{resource.Name}-{n}"))];
    }
}
