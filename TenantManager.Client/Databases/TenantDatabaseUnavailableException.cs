namespace TenantManager.Client.Databases;

/// <summary>A tenant's database cannot be used: unreachable, not configured, or no pool may be opened. Never names a password.</summary>
public sealed class TenantDatabaseUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TenantDatabaseUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
