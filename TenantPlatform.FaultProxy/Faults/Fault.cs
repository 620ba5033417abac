namespace TenantPlatform.FaultProxy.Faults;

/// <summary>What is to be wrong with a link. Immutable; valid once <see cref="Control.FaultValidation"/> has made it.</summary>
/// <param name="Kind">What happens.</param>
internal sealed record Fault(FaultKind Kind)
{
    /// <summary>No fault.</summary>
    public static Fault None { get; } = new(FaultKind.None) { Share = 0 };

    /// <summary>The ways concerned.</summary>
    public Directions Direction { get; init; } = Directions.Both;

    /// <summary>For <see cref="FaultKind.Slow"/>: by how much a chunk is late.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>For <see cref="FaultKind.Slow"/>: by how much a chunk's latency may differ, up or down.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>For <see cref="FaultKind.Bandwidth"/>.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>The part of the connections that is affected, from 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Which connections, by age.</summary>
    public ConnectionScope Connections { get; init; }

    /// <summary>After how long the link heals by itself; null: when told.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Whether every connection to come is turned away, so that nobody needs to listen.</summary>
    public bool RefusesAll => Kind == FaultKind.Cut && Share >= 1 && Connections != ConnectionScope.Existing;
}
