namespace Cache.Core.Valkey.Ring;

/// <summary>When a node counts as lost and as back. The same in every process, and no setting: they go by each other's word.</summary>
internal sealed record RingTerms
{
    public static RingTerms Default { get; } = new();

    /// <summary>From one heartbeat to the next.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the answer to one may take.</summary>
    public TimeSpan BeatLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many in a row that are not answered: the node is lost.</summary>
    public int FailuresToLose { get; init; } = 3;

    /// <summary>So many in a row that are answered: it is back.</summary>
    public int AnswersToReturn { get; init; } = 5;

    /// <summary>How long a process's word holds that it does not reach a node: several rounds of heartbeats, however slow.</summary>
    public TimeSpan HeldFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it is known that a node must be emptied before it is used; renewed while it is away. Longer than values live.</summary>
    public TimeSpan LostFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long the first call waits for the first round.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(2);
}
