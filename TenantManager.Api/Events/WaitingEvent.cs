namespace TenantManager.Api.Events;

/// <summary>An event that waits to be published.</summary>
/// <param name="Id">Grows with every event of a tenant.</param>
/// <param name="Type">Its type.</param>
/// <param name="Message">What is published, to the byte, however often.</param>
internal sealed record WaitingEvent(long Id, string Type, string Message);
