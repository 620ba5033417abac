using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Containers;

/// <summary>Decides whether a server can run as a container: an engine answers, and has or can pull the image. Safe for concurrent use.</summary>
/// <param name="choice">Which engine; see <see cref="ContainerEngine.FindAsync"/>.</param>
internal sealed class ContainerSource(Func<string?> choice)
{
    /// <summary>The engine for the resource's image; null when there is none, and then <paramref name="tried"/> says why.</summary>
    public async Task<ContainerEngine?> FindAsync(ContainerResource resource, List<string> tried, Action<string> report, CancellationToken cancellationToken)
    {
        if (await ContainerEngine.FindAsync(choice(), tried, cancellationToken) is not { } engine)
            return null;
        if (await engine.ObtainAsync(ImageOf(resource), report, cancellationToken) is not { } fault)
            return engine;
        tried.Add(fault);
        return null;
    }

    public static string ImageOf(ContainerResource resource) =>
        resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Reference
        ?? throw new InvalidOperationException($"The container '{resource.Name}' has no image.");
}
