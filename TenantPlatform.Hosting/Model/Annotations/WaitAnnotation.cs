namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource waits for another one before it starts.</summary>
public sealed class WaitAnnotation : IResourceAnnotation
{
    /// <summary>Creates it.</summary>
    public WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0)
    {
        Resource = resource;
        WaitType = waitType;
        ExitCode = exitCode;
    }

    /// <summary>The other resource.</summary>
    public IResource Resource { get; }

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; }

    /// <summary>What waiting does when the other has failed.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code that counts as success.</summary>
    public int ExitCode { get; }
}
