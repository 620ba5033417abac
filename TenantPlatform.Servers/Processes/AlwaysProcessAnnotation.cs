using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>Lets a server be a process also where a container engine answers.</summary>
/// <param name="Reason">Why, to be said in its log.</param>
internal sealed record AlwaysProcessAnnotation(string Reason) : IResourceAnnotation;
