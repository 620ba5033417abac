namespace Aspire.Hosting.ApplicationModel;

/// <summary>The command-line arguments of a resource while they are collected.</summary>
public sealed class CommandLineArgsCallbackContext
{
    /// <summary>Creates it.</summary>
    public CommandLineArgsCallbackContext(IList<object> args, IResource? resource = null, CancellationToken cancellationToken = default)
    {
        Args = args;
        Resource = resource!;
        CancellationToken = cancellationToken;
    }

    /// <summary>The arguments: texts, or values that are known later.</summary>
    public IList<object> Args { get; }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>Ends collecting.</summary>
    public CancellationToken CancellationToken { get; }
}
