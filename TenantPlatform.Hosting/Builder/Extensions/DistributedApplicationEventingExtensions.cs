using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Being told of what happens to a resource.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Calls back when the resource has become healthy.</summary>
    public static IResourceBuilder<T> OnResourceReady<T>(this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ApplicationBuilder.Eventing.Subscribe<ResourceReadyEvent>(
            builder.Resource, (happened, cancellationToken) => callback(builder.Resource, happened, cancellationToken));
        return builder;
    }
}
