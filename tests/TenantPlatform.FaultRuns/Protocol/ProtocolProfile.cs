namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>What a run of the protocol puts its weight on. Every profile breaks everything that its rules are about.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ProtocolProfile(string Name)
{
    /// <summary>Pods with a coherence channel: one of them is told of each change, the others hear of it through Valkey.</summary>
    public int CoherentPods { get; init; } = 3;

    /// <summary>Pods without one, which are told of every change of the keys that they read.</summary>
    public int ToldPods { get; init; } = 1;

    /// <summary>Whether each key is read by one coherent pod, nearly: a read by another one stores anew, and hides what was missed.</summary>
    public bool HasOwners { get; init; }

    /// <summary>The share of the source's answers that take longer than every bound.</summary>
    public double LateShare { get; init; } = 0.07;

    /// <summary>The share of commands that are held up on their way to Valkey, and of answers on their way back.</summary>
    public double StallShare { get; init; } = 0.2;

    /// <summary>How long such an answer is held up at most, in milliseconds.</summary>
    public double LongestStall { get; init; } = 900;

    /// <summary>The most changes of a key in a row, before the quiet in which what they have left behind shows.</summary>
    public int LongestBurst { get; init; } = 4;

    /// <summary>The share of changes of which a pod learns by revalidation as well.</summary>
    public double RevalidatedShare { get; init; } = 0.5;

    /// <summary>Whether the pod that revalidates is the one that is told next.</summary>
    public bool IsToldAfterwards { get; init; }

    /// <summary>What breaks for single pods, each as often as it is listed.</summary>
    public IReadOnlyList<PodFault> Faults { get; init; } =
    [
        PodFault.Isolated, PodFault.Isolated, PodFault.PushesCut, PodFault.PushesCut, PodFault.PushesCut, PodFault.PushesCutForLong,
        PodFault.PushesSwallowed, PodFault.PushesSwallowed, PodFault.PushesSlow, PodFault.PushesSlow,
    ];

    /// <summary>How long a pod is left alone between its faults, in milliseconds.</summary>
    public (double Least, double Most) FaultsEvery { get; init; } = (200, 900);

    /// <summary>Whether the pods' store has fences; a store of the application's own has none.</summary>
    public bool HasFences { get; init; } = true;

    /// <summary>How long Valkey is left alone between losses, in milliseconds; null: it loses nothing.</summary>
    public (double Least, double Most)? LosesEvery { get; init; } = (2500, 4000);

    /// <summary>One loss in so many is a failover, the others are flushes.</summary>
    public int FailoverOneIn { get; init; } = 3;

    /// <summary>Everything at once.</summary>
    public static ProtocolProfile Mixed { get; } = new("mixed");

    /// <summary>Valkey is emptied again and again while fetches are under way.</summary>
    public static ProtocolProfile Flushes { get; } = new("flushes")
    {
        HasOwners = true,
        ToldPods = 0,
        LateShare = 0.4,
        Faults = [],
        LosesEvery = (2200, 3200),
        FailoverOneIn = int.MaxValue,
    };

    /// <summary>Stores and changes of one key come together.</summary>
    public static ProtocolProfile Echoes { get; } = new("echoes") { HasOwners = true, ToldPods = 0, StallShare = 0.4, Faults = [], LosesEvery = null };

    /// <summary>Channels are cut and come back while values are read from Valkey.</summary>
    public static ProtocolProfile Reconnects { get; } = new("reconnects")
    {
        HasOwners = true,
        ToldPods = 0,
        StallShare = 0.7,
        LongestStall = 1400,
        LongestBurst = 1,
        Faults = [PodFault.PushesCut],
        FaultsEvery = (1800, 2400),
        LosesEvery = null,
    };

    /// <summary>Fetches last, and what they will answer is outdated meanwhile by what their own pod learns.</summary>
    public static ProtocolProfile Overtaken { get; } = new("overtaken")
    {
        ToldPods = 0,
        LateShare = 0.4,
        RevalidatedShare = 1,
        IsToldAfterwards = true,
        Faults = [],
        LosesEvery = null,
    };

    /// <summary>One pod alone, over a store without fences: nothing but its own order of steps protects it.</summary>
    public static ProtocolProfile Unfenced { get; } = new("unfenced") { CoherentPods = 0, HasFences = false, StallShare = 0.4, Faults = [], LosesEvery = null };

    public static IReadOnlyList<ProtocolProfile> All { get; } = [Mixed, Flushes, Echoes, Reconnects, Overtaken, Unfenced];
}
