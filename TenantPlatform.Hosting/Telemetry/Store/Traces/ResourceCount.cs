namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>How many spans of a trace a resource sent.</summary>
internal readonly record struct ResourceCount(string Name, int Count);
