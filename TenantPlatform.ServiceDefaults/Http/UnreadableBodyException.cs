namespace TenantPlatform.ServiceDefaults.Http;

/// <summary>A request's body cannot be read as what the endpoint expects. The message says why and never repeats a value.</summary>
public sealed class UnreadableBodyException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="field">The field concerned, as a path such as <c>owner.email</c>; null: the body as a whole.</param>
    /// <param name="isTooLarge">Whether the body exceeds the limit.</param>
    public UnreadableBodyException(string message, string? field = null, bool isTooLarge = false)
        : base(message)
    {
        Field = field;
        IsTooLarge = isTooLarge;
    }

    /// <summary>The field concerned; null: the body as a whole.</summary>
    public string? Field { get; }

    /// <summary>Whether the body exceeds the limit.</summary>
    public bool IsTooLarge { get; }
}
