namespace TenantPlatform.Observer.Pods;

/// <summary>A process to be asked.</summary>
internal sealed record Pod(string Name, Uri Address);
