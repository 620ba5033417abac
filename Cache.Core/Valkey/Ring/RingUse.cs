namespace Cache.Core.Valkey.Ring;

/// <summary>Whether a node is used.</summary>
internal enum RingUse
{
    /// <summary>Not yet: it has its keys, and nobody knows whether it has missed anything.</summary>
    Waiting,

    /// <summary>It has its keys.</summary>
    In,

    /// <summary>Its keys are on the others.</summary>
    Out,
}
