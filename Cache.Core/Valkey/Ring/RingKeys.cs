namespace Cache.Core.Valkey.Ring;

/// <summary>What the ring keeps on its nodes about each other. No cache's keys: nobody deletes them but the ring.</summary>
internal static class RingKeys
{
    public const string Prefix = "cache-ring:";

    /// <summary>On a node: under which names it has been emptied last.</summary>
    public const string Emptied = Prefix + "emptied";

    /// <summary>On the others: the outage of a node since which its keys have been placed elsewhere, until the node has been emptied.</summary>
    public static string Lost(string node) => $"{Prefix}lost:{node}";

    /// <summary>On the others: that some process does not reach a node now.</summary>
    public static string Held(string node) => $"{Prefix}held:{node}";
}
