namespace TenantPlatform.FaultRuns.Checking;

/// <summary>The bounds that the documents state, as the checks apply them.</summary>
internal sealed record Bounds
{
    /// <summary>With events, pushes and Valkey well: from an acknowledged change to the last answer asked for that does not know of it.</summary>
    public TimeSpan Delivery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Otherwise, while the tenant-manager answers: one revalidation interval with its jitter (a round is spread over half an
    /// interval, so two looks at one tenant are at most one and a half apart), and one revalidation that hangs before it.
    /// </summary>
    public TimeSpan Revalidation { get; init; } = TimeSpan.FromSeconds(1.5 + 5);

    /// <summary>How long after a fault its effects may last: connections are made anew, a breaker lets a probe through.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a denied tenant may be refused without asking again.</summary>
    public TimeSpan DeniedRecheck { get; init; } = TimeSpan.FromSeconds(5);
}
