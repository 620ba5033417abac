namespace Cache.Core.Fencing;

/// <summary>What has happened to a key since its epoch was noted.</summary>
internal enum EpochChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Echoes of own writes, which may hide a foreign one.</summary>
    Echoed,

    /// <summary>An invalidation, or so many events among its neighbours that one may have been.</summary>
    Moved,
}
