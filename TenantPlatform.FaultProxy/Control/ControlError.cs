namespace TenantPlatform.FaultProxy.Control;

/// <summary>The body of every refused request, as everywhere in the platform.</summary>
/// <param name="Code">A stable code that programs may compare.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Message">What was wrong with this request and what to do.</param>
internal sealed record ControlError(string Code, string Title, string Message);
