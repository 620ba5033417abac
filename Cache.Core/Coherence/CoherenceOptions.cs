namespace Cache.Core.Coherence;

/// <summary>How L1 is kept coherent, and the bound on staleness when the channel is silently dead.</summary>
public sealed class CoherenceOptions
{
    /// <summary>The shortest lease: below it, ordinary pauses of a process would unprove its entries.</summary>
    public static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest lease.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(1);

    /// <summary>Which channel is used.</summary>
    public CoherenceMode Mode { get; set; }

    /// <summary>For how long a heartbeat proves L1: no entry is served as fresh that changed longer ago than this. The heart beats three times as often.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Mode))
            throw new InvalidOperationException($"{nameof(CoherenceOptions)}.{nameof(Mode)} is {Mode}; expected Auto, Tracking, PubSub or Off.");
        if (Lease < ShortestLease || Lease > LongestLease)
            throw new InvalidOperationException($"{nameof(CoherenceOptions)}.{nameof(Lease)} is {Lease}; expected {ShortestLease} to {LongestLease}.");
    }
}
