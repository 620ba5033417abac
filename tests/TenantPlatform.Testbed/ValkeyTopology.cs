namespace TenantPlatform.Testbed;

/// <summary>What L2 is made of.</summary>
public enum ValkeyTopology
{
    /// <summary>One Valkey.</summary>
    Single,

    /// <summary>A cluster of three primaries, each with a replica.</summary>
    Cluster,

    /// <summary>A ring of three independent ones.</summary>
    Ring,
}
