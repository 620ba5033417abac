namespace Cache.Core.Membership;

/// <summary>What a process says of itself in a group, again and again while its host runs.</summary>
public sealed record Announcement
{
    /// <summary>How many intervals what was said last is good for.</summary>
    public const int Lifetimes = 3;

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>This process's name in it.</summary>
    public required string Name { get; init; }

    /// <summary>How often it is said, give or take a tenth: processes that were started together do not speak together.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Says it. Told whether the last time was heard: while Valkey is away there is no point in going to lengths.</summary>
    public required Func<bool, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> Value { get; init; }
}
