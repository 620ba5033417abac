namespace TenantPlatform.LocalServers;

/// <summary>A server did not start; the message says why, with the server's last lines.</summary>
public sealed class ServerStartException : Exception
{
    /// <inheritdoc/>
    public ServerStartException()
    {
    }

    /// <inheritdoc/>
    public ServerStartException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public ServerStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
