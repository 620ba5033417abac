namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>What breaks for one pod of a run of the protocol.</summary>
internal enum PodFault
{
    /// <summary>First it reaches no Valkey, then no source either.</summary>
    Isolated,

    /// <summary>Its coherence channel is cut, and back within the lease.</summary>
    PushesCut,

    /// <summary>Its coherence channel is cut for longer than the lease.</summary>
    PushesCutForLong,

    /// <summary>Its coherence channel stays open, and nothing comes through.</summary>
    PushesSwallowed,

    /// <summary>Its coherence channel is late.</summary>
    PushesSlow,
}
