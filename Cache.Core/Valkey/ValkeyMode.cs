namespace Cache.Core.Valkey;

/// <summary>How the Valkey servers belong together.</summary>
public enum ValkeyMode
{
    /// <summary>One server, or one with replicas.</summary>
    Single,

    /// <summary>Valkey Cluster.</summary>
    Cluster,

    /// <summary>Servers that know nothing of each other: each key is placed on one of them, and moves to the others while that is away.</summary>
    Ring,
}
