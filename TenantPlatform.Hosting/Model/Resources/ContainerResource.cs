namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server that comes as a container image; here it may also be the machine's own program.</summary>
public class ContainerResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>Creates it.</summary>
    public ContainerResource(string name, string? entrypoint = null)
        : base(name) => Entrypoint = entrypoint;

    /// <summary>The program in the container; null: the image's own.</summary>
    public string? Entrypoint { get; set; }
}
