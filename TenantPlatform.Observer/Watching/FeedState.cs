namespace TenantPlatform.Observer.Watching;

/// <summary>How the change feed is doing.</summary>
internal enum FeedState
{
    /// <summary>It has not been asked yet.</summary>
    Unknown,

    /// <summary>It tells of changes.</summary>
    Following,

    /// <summary>The tenant-manager has none.</summary>
    Absent,

    /// <summary>It does not answer.</summary>
    Failing,
}
