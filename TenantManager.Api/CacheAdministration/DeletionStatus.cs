namespace TenantManager.Api.CacheAdministration;

/// <summary>What a deletion can have come to.</summary>
internal static class DeletionStatus
{
    public const string Running = "running";

    /// <summary>Everything that matched has been deleted.</summary>
    public const string Done = "done";

    /// <summary>Ended by a caller.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Valkey did not answer for too long.</summary>
    public const string Failed = "failed";

    /// <summary>The instance that carried it out stopped.</summary>
    public const string Stopped = "stopped";

    /// <summary>The instance that carried it out has not been heard of for a while.</summary>
    public const string Lost = "lost";
}
