namespace Cache.Core.Valkey;

/// <summary>A setting of the Valkey connection is missing or wrong. The message names the variable and what to do.</summary>
public sealed class ValkeyConfigurationException : CacheConfigurationException
{
    /// <summary>Creates the exception.</summary>
    public ValkeyConfigurationException(string message, Exception? innerException = null)
        : base("Valkey", message, innerException)
    {
    }
}
