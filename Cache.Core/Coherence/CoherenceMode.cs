namespace Cache.Core.Coherence;

/// <summary>How L1 hears of changes made elsewhere.</summary>
public enum CoherenceMode
{
    /// <summary>By tracking; by pub/sub where the server refuses tracking. Decided once and logged.</summary>
    Auto,

    /// <summary>By the server itself (<c>CLIENT TRACKING</c>): every change is told, whoever made it.</summary>
    Tracking,

    /// <summary>By messages of the processes that use this cache: changes made by others are not told.</summary>
    PubSub,

    /// <summary>Not at all: L1 entries live as long as they live.</summary>
    Off,
}
