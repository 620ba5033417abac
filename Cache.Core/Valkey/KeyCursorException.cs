namespace Cache.Core.Valkey;

/// <summary>A page cannot be had from this cursor: it cannot be read, or its server is no primary any more. The walk has to begin again.</summary>
public sealed class KeyCursorException : Exception
{
    /// <summary>Creates the exception.</summary>
    public KeyCursorException(string message)
        : base(message)
    {
    }
}
