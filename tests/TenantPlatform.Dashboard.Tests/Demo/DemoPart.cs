namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>How many spans of a trace a resource has.</summary>
internal sealed record DemoPart(string Name, int Count);
