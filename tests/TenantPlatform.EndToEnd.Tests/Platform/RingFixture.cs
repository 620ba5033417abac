namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>The platform over a ring of three independent Valkeys.</summary>
public sealed class RingFixture : PlatformFixture
{
    protected override PlatformOptions Options => new() { Pods = 2, RevalidationInterval = RevalidationInterval, Topology = ValkeyTopology.Ring };
}
