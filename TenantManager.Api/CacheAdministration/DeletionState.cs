namespace TenantManager.Api.CacheAdministration;

/// <summary>A deletion by pattern and how far it is, as every instance shows it.</summary>
internal sealed record DeletionState
{
    public required string Id { get; init; }

    public required string Pattern { get; init; }

    public string Status { get; init; } = DeletionStatus.Running;

    public int KeysPerSecond { get; init; }

    /// <summary>Values that are gone.</summary>
    public long Deleted { get; init; }

    /// <summary>Keys without a value whose fetches in flight can store nothing any more.</summary>
    public long Overtaken { get; init; }

    /// <summary>Keys that match and are not to be deleted, fences among them.</summary>
    public long Spared { get; init; }

    /// <summary>Parts of the work that are done.</summary>
    public int Steps { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public string StartedBy { get; init; } = string.Empty;

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The instance that carries it out.</summary>
    public string Instance { get; init; } = string.Empty;

    /// <summary>Whether a caller has asked for its end.</summary>
    public bool IsCancelling { get; init; }
}
