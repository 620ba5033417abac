namespace TenantPlatform.Drills;

/// <summary>A drill could not be carried out, or its effect was not seen. The message says which, and is shown to whoever asked for the drill.</summary>
public sealed class DrillException : Exception
{
    /// <summary>Creates one without a message.</summary>
    public DrillException()
    {
    }

    /// <summary>Creates one.</summary>
    public DrillException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with its cause.</summary>
    public DrillException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
