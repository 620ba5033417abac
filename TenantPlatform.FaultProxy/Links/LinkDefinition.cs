using System.Net;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>One configured link.</summary>
/// <param name="Name">Its name in the control endpoint.</param>
/// <param name="Listen">Where the proxy accepts connections; port 0: any free one.</param>
/// <param name="Target">Where it forwards them.</param>
internal sealed record LinkDefinition(string Name, IPEndPoint Listen, HostPort Target);
