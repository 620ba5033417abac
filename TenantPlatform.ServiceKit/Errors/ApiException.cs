using TenantManager.Contracts;

namespace TenantPlatform.ServiceKit.Errors;

/// <summary>A request is refused: the status and the body that say why.</summary>
public sealed class ApiException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="error">The body. Its message is the exception's: never a secret.</param>
    public ApiException(int status, ApiError error)
        : base(error?.Message)
    {
        ArgumentNullException.ThrowIfNull(error);
        (Status, Error) = (status, error);
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The body.</summary>
    public ApiError Error { get; }
}
