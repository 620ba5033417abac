namespace Cache.Core.Valkey;

/// <summary>How the Valkey servers belong together.</summary>
public enum ValkeyMode
{
    /// <summary>One server, or one with replicas.</summary>
    Single,

    /// <summary>Valkey Cluster.</summary>
    Cluster,
}
