namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>The platform as it runs in production: L2 is a cluster of three primaries, each with a replica.</summary>
public sealed class ClusterFixture : PlatformFixture
{
    /// <summary>How many primaries share the slots: <c>valkey-1</c> begins with the first third of them.</summary>
    public const int Primaries = 3;

    protected override PlatformOptions Options => new() { Pods = 2, RevalidationInterval = RevalidationInterval, Topology = ValkeyTopology.Cluster };
}
