namespace TenantPlatform.FaultProxy.Control;

/// <summary>A request is refused.</summary>
internal sealed class ControlException(int status, ControlError error) : Exception(error.Message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The body.</summary>
    public ControlError Error { get; } = error;

    /// <summary>The fault in the body is none.</summary>
    public static ControlException InvalidFault(string message) =>
        new(StatusCodes.Status400BadRequest, new ControlError("FAULT_INVALID", "Invalid Fault", message));

    /// <summary>There is no such link.</summary>
    public static ControlException UnknownLink(string name, IEnumerable<string> known) =>
        new(StatusCodes.Status404NotFound, new ControlError("LINK_NOT_FOUND", "Link Not Found", $"There is no link '{name}'; there are: {string.Join(", ", known)}."));
}
