namespace Cache.Core.Valkey;

/// <summary>Valkey could not answer: unreachable, too slow, or refusing. The message names the operation, never a key or a value.</summary>
public sealed class CacheUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CacheUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
