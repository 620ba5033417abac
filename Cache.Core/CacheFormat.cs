namespace Cache.Core;

/// <summary>How values are stored in L2.</summary>
public enum CacheFormat
{
    /// <summary>A small versioned envelope with room for tags; values by their registered serializer, JSON unless told.</summary>
    Envelope,

    /// <summary>Plain JSON and nothing else, to share entries with other implementations. No tags.</summary>
    PlainJson,
}
