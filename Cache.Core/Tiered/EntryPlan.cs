using Cache.Core.Memory;

namespace Cache.Core.Tiered;

/// <summary>Options resolved: the cache's own, overridden by the caller's, overridden by the answer's. Immutable.</summary>
internal sealed record EntryPlan
{
    /// <summary>What a fence outlives its value and the longest fetch by.</summary>
    private static readonly TimeSpan FenceMargin = TimeSpan.FromMinutes(1);

    /// <summary>How long the fence of a value lives that itself never expires.</summary>
    private static readonly TimeSpan LongestFenceLife = TimeSpan.FromDays(30);

    /// <summary>Served from L1 from the start, and refreshed in the background by the next caller.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromTicks(1);

    public EntryPlan(TieredCacheOptions all)
    {
        SoftExpiration = all.SoftExpiration;
        L1TimeToLive = all.L1TimeToLive;
        L2SoftExpiration = all.L2SoftExpiration;
        L2TimeToLive = all.L2TimeToLive;
        StaleIfError = all.StaleIfError;
        NegativeLifetime = all.NegativeLifetime;
        DeniedRecheck = all.DeniedRecheck;
        Jitter = all.Jitter;
        FetchSoftTimeout = all.FetchSoftTimeout;
        FetchTimeout = all.FetchTimeout;
        L2SoftTimeout = all.L2SoftTimeout;
        L2Timeout = all.L2Timeout;
        LeaseLifetime = all.LeaseLifetime;
    }

    public TimeSpan SoftExpiration { get; init; }

    public TimeSpan L1TimeToLive { get; init; }

    public TimeSpan L2SoftExpiration { get; init; }

    public TimeSpan L2TimeToLive { get; init; }

    public TimeSpan StaleIfError { get; init; }

    public TimeSpan NegativeLifetime { get; init; }

    public TimeSpan DeniedRecheck { get; init; }

    public double Jitter { get; init; }

    public TimeSpan FetchSoftTimeout { get; init; }

    public TimeSpan FetchTimeout { get; init; }

    public TimeSpan L2SoftTimeout { get; init; }

    public TimeSpan L2Timeout { get; init; }

    public TimeSpan LeaseLifetime { get; init; }

    public long? Size { get; init; }

    public CacheSteps Skip { get; init; }

    /// <summary>What a write-through is known by in L2, so that it can be let live longer; null: nobody needs to know.</summary>
    public string? Generation { get; init; }

    /// <summary>Tiers that the answer is to be kept out of: what they hold is outdated by it.</summary>
    public CacheSteps Withheld { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>As long as another's fetch may take; its lease ends with its write, or because it died.</summary>
    public TimeSpan LongestWait => FetchTimeout + LeaseLifetime;

    /// <summary>
    /// How long a noted fence lives before anything is written. A fence that is gone refuses every write, so this is never too
    /// short to be safe; it should outlast a fetch to be useful.
    /// </summary>
    public TimeSpan NoteLife => FetchTimeout + LongestWait + FenceMargin;

    /// <summary>Long enough that the revisions outlive the value.</summary>
    public TimeSpan FenceLife => (L2TimeToLive <= TimeSpan.Zero ? LongestFenceLife : L2TimeToLive) + NoteLife;

    /// <summary>How long a tombstone stands while the source does not answer.</summary>
    public TimeSpan TombstoneLife => FenceLife;

    /// <summary>This plan where the options say nothing, and the options where they do.</summary>
    public EntryPlan DecidedBy(CacheEntryOptions? options) => options is null
        ? this
        : this with
        {
            SoftExpiration = options.SoftExpiration ?? SoftExpiration,
            L1TimeToLive = options.L1TimeToLive ?? L1TimeToLive,
            L2SoftExpiration = options.L2SoftExpiration ?? L2SoftExpiration,
            L2TimeToLive = options.L2TimeToLive ?? L2TimeToLive,
            StaleIfError = options.StaleIfError ?? StaleIfError,
            NegativeLifetime = options.NegativeLifetime ?? NegativeLifetime,
            DeniedRecheck = options.DeniedRecheck ?? DeniedRecheck,
            Jitter = Math.Clamp(options.Jitter ?? Jitter, 0, 0.5),
            FetchSoftTimeout = options.FetchSoftTimeout ?? FetchSoftTimeout,
            FetchTimeout = options.FetchTimeout is { } limit && limit > TimeSpan.Zero ? limit : FetchTimeout,
            L2SoftTimeout = options.L2SoftTimeout ?? L2SoftTimeout,
            L2Timeout = options.L2Timeout ?? L2Timeout,
            Size = options.Size ?? Size,
            Skip = Skip | options.Skip,
            Tags = options.Tags ?? Tags,
        };

    /// <summary>This plan where an answer says nothing. Who keeps nothing of his own accord leaves the tiers as they are.</summary>
    public EntryPlan AnsweredBy(CacheEntryOptions? options)
    {
        var plan = DecidedBy(options);
        return options is null || options.LeavesStored || KeepsNothing ? plan : plan with { Withheld = options.Skip & (CacheSteps.FillL1 | CacheSteps.FillL2) & ~Skip };
    }

    /// <summary>
    /// What is left of the fetch's time for who has waited for another's fetch in vain: if the source hangs, the callers of every
    /// process are to be told in time, not one process after another.
    /// </summary>
    public EntryPlan After(TimeSpan waited) => waited <= TimeSpan.Zero || FetchTimeout <= LeaseLifetime
        ? this
        : this with { FetchTimeout = FetchTimeout - waited > LeaseLifetime ? FetchTimeout - waited : LeaseLifetime };

    /// <summary>Whether the answer is for its caller alone: no tier keeps it, and no other call shares it.</summary>
    public bool KeepsNothing => (Skip & (CacheSteps.FillL1 | CacheSteps.FillL2)) == (CacheSteps.FillL1 | CacheSteps.FillL2);

    public bool Withholds(CacheSteps step) => (Withheld & step) != CacheSteps.None;

    public bool Skips(CacheSteps step) => (Skip & step) != CacheSteps.None;

    /// <summary>Lifetimes in L1, within what remains of the value's life in L2.</summary>
    public EntryTerms Terms(TimeSpan? remaining, long size, ITagStamps? tags, TimeSpan proven)
    {
        var life = Expirations.Jittered(remaining is { } cap ? Shorter(L1TimeToLive, cap) : L1TimeToLive, Jitter);
        var hard = life <= TimeSpan.Zero ? life : life + StaleIfError;
        var soft = SoftExpiration <= TimeSpan.Zero ? life : Shorter(Expirations.Jittered(SoftExpiration, Jitter), life);
        if (PastL2Soft(remaining) is not null)
            soft = AtOnce;
        return new EntryTerms(soft, life, hard, Size ?? size, tags, proven, AgeInL2(remaining));
    }

    /// <summary>
    /// How long an entry of L2 is past its soft expiration there; null when it is not. Its age is told from what remains of its
    /// life; jitter makes it look older by at most its share.
    /// </summary>
    public TimeSpan? PastL2Soft(TimeSpan? remaining) =>
        L2SoftExpiration > TimeSpan.Zero && L2TimeToLive > TimeSpan.Zero && remaining is { } left && L2TimeToLive - left >= L2SoftExpiration
            ? L2TimeToLive - left - L2SoftExpiration
            : null;

    /// <summary>How long ago a value was written to L2, told as in <see cref="PastL2Soft"/>; zero for what does not come from there or never expires.</summary>
    private TimeSpan AgeInL2(TimeSpan? remaining) =>
        L2TimeToLive > TimeSpan.Zero && remaining is { } left && left < L2TimeToLive ? L2TimeToLive - left : TimeSpan.Zero;

    public TimeSpan L2Life() => Expirations.Jittered(L2TimeToLive, Jitter);

    public TimeSpan NegativeLife() => Expirations.Jittered(NegativeLifetime, Jitter);

    public TimeSpan RecheckAfter() => Expirations.Jittered(DeniedRecheck, Jitter);

    /// <summary>The shorter of two lifetimes; zero or less means for ever.</summary>
    public static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one <= TimeSpan.Zero ? other : other <= TimeSpan.Zero || one < other ? one : other;
}
