namespace TenantPlatform.AppHost.Pods;

/// <summary>The pods of one service, as a row above them that says how many are healthy.</summary>
internal sealed class PodsResource(string name) : Resource(name);
