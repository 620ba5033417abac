namespace Aspire.Hosting.ApplicationModel;

/// <summary>The environment variables of a resource while they are collected.</summary>
public class EnvironmentCallbackContext
{
    /// <summary>Creates it.</summary>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
    {
        ExecutionContext = executionContext;
        Resource = resource;
        EnvironmentVariables = environmentVariables ?? new Dictionary<string, object>(StringComparer.Ordinal);
        CancellationToken = cancellationToken;
    }

    /// <summary>How the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>The variables: texts, or values that are known later.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Ends collecting.</summary>
    public CancellationToken CancellationToken { get; }
}
