using Cache.Core.Snapshots;

namespace Cache.Core.Tiered;

/// <summary>Lifetimes, bounds and naming of a <see cref="TieredCache"/>. What concerns one entry can be overridden by <see cref="CacheEntryOptions"/>.</summary>
/// <remarks><see cref="TieredCacheSettings"/> reads them from configuration.</remarks>
public sealed class TieredCacheOptions
{
    /// <summary>The prefix of keys in L2 unless told.</summary>
    public const string DefaultKeyPrefix = "cache:";

    internal static readonly ByteSize DefaultLargestL2Value = ByteSize.FromMegabytes(8);

    private static readonly TimeSpan DefaultL2TimeToLive = TimeSpan.FromHours(12);
    private static readonly TimeSpan DefaultStaleIfError = TimeSpan.FromHours(12);
    private TimeSpan? _l2TimeToLive;
    private TimeSpan? _staleIfError;

    /// <inheritdoc cref="CacheEntryOptions.SoftExpiration"/>
    public TimeSpan SoftExpiration { get; set; }

    /// <summary>How long an entry is served from L1. Zero or less: it never expires.</summary>
    public TimeSpan L1TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc cref="CacheEntryOptions.L2SoftExpiration"/>
    public TimeSpan L2SoftExpiration { get; set; }

    /// <summary>How long an entry lives in L2: the outage that can be survived. Zero or less: it never expires. 12 hours unless set.</summary>
    /// <remarks>
    /// Unless it is set, entries that come through <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/> without an expiration live
    /// in L2 as long as in L1 (<see cref="L1TimeToLive"/>): who leaves the expiration open there means five minutes.
    /// </remarks>
    public TimeSpan L2TimeToLive
    {
        get => _l2TimeToLive ?? DefaultL2TimeToLive;
        set => _l2TimeToLive = value;
    }

    /// <summary>
    /// How long past its lifetime an L1 entry may be served when the source fails (stale-if-error). Zero: not at all. 12 hours unless set.
    /// </summary>
    /// <remarks>
    /// Unless it is set, entries that come through <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/> are not served past their
    /// lifetime: a factory that throws there may mean that there is nothing to serve any more.
    /// </remarks>
    public TimeSpan StaleIfError
    {
        get => _staleIfError ?? DefaultStaleIfError;
        set => _staleIfError = value;
    }

    /// <summary>
    /// Whether all callers of <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/> get the same object, whatever its type. Otherwise each
    /// gets a copy of its own where the type is not surely immutable. The cache's own methods always share.
    /// </summary>
    public bool ShareValues { get; set; }

    /// <summary>
    /// Says of further types that nobody changes their values, so that they are shared and not copied. Null: of none. Shared anyhow are
    /// texts, numbers and other value types that refer to nothing mutable, sealed types under
    /// <see cref="System.ComponentModel.ImmutableObjectAttribute"/>, and sealed types of which every field is read-only and of such a type.
    /// </summary>
    /// <remarks>Asked once per type. Safe for concurrent use is what it must be.</remarks>
    public Func<Type, bool>? IsImmutable { get; set; }

    /// <inheritdoc cref="CacheEntryOptions.NegativeLifetime"/>
    public TimeSpan NegativeLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="CacheEntryOptions.DeniedRecheck"/>
    public TimeSpan DeniedRecheck { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Put before every key in L2. Services that share a Valkey and no entries need prefixes of their own, none the beginning of another.</summary>
    public string KeyPrefix { get; set; } = DefaultKeyPrefix;

    /// <summary>How values are stored in L2 by a cache that <see cref="CacheCoreExtensions"/> registers.</summary>
    public CacheFormat Format { get; set; }

    /// <summary>The share by which a lifetime is shortened at random, so that entries do not expire together. 0 to 0.5.</summary>
    public double Jitter { get; set; } = 0.1;

    /// <inheritdoc cref="CacheEntryOptions.FetchSoftTimeout"/>
    public TimeSpan FetchSoftTimeout { get; set; }

    /// <summary>How long a fetch may take before it counts as failed.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="CacheEntryOptions.L2SoftTimeout"/>
    public TimeSpan L2SoftTimeout { get; set; }

    /// <inheritdoc cref="CacheEntryOptions.L2Timeout"/>
    public TimeSpan L2Timeout { get; set; }

    /// <summary>
    /// How long the others wait for a process that was fetching for all of them and has died. While it lives it renews its lease,
    /// and they wait for as long as its fetch may take (<see cref="FetchTimeout"/>). Shorter than the pauses of a busy machine, it costs
    /// second fetches.
    /// </summary>
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most entries in L1.</summary>
    public int L1Capacity { get; set; } = 100_000;

    /// <summary>The most room that L1 takes: values as they weigh in L2 or as <see cref="CacheEntryOptions.Size"/> says, keys and bookkeeping.</summary>
    public ByteSize L1ByteCapacity { get; set; } = ByteSize.Unlimited;

    /// <summary>The most keys remembered as unknown to the source, in a bound of their own.</summary>
    public int NegativeCapacity { get; set; } = 1024;

    /// <summary>A value longer than this is neither written to L2 nor read from it.</summary>
    public ByteSize LargestL2Value { get; set; } = DefaultLargestL2Value;

    /// <summary>The most background refreshes that wait; further ones are dropped and counted.</summary>
    public int RefreshQueueCapacity { get; set; } = 1000;

    /// <summary>How many background refreshes run at a time.</summary>
    public int RefreshConcurrency { get; set; } = 4;

    /// <summary>
    /// Tells the revision of a value that was read from L2, so that an older one is recognised there as well (MonotonicPod).
    /// Null: such values have none.
    /// </summary>
    public Func<object, long?>? RevisionOf { get; set; }

    /// <summary>
    /// Tells whether a value that was read from L2 is one of its key's. One that is not is a miss, counted and deleted, and
    /// nothing is learned from it, its revision least of all. Null: every value is.
    /// </summary>
    public Func<string, object, bool>? BelongsTo { get; set; }

    /// <summary>
    /// An encrypted snapshot on disk, served only while Valkey and the source are both away. Null: none. In a cache without L2, while the
    /// source is away.
    /// </summary>
    public LastKnownGoodOptions? LastKnownGood { get; set; }

    /// <summary>What <see cref="L2TimeToLive"/> is for entries that come through HybridCache.</summary>
    internal TimeSpan HybridL2TimeToLive => _l2TimeToLive ?? L1TimeToLive;

    /// <summary>What <see cref="StaleIfError"/> is for entries that come through HybridCache.</summary>
    internal TimeSpan HybridStaleIfError => _staleIfError ?? TimeSpan.Zero;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        if (FindFault() is { } fault)
            throw new InvalidOperationException($"{nameof(TieredCacheOptions)}.{fault.Option} is {fault.Value}; expected {fault.Expected}.");
    }

    /// <summary>The first option that is out of range; null when none is.</summary>
    internal OptionFault? FindFault() =>
        Fault(Jitter is >= 0 and <= 0.5, nameof(Jitter), Jitter, "0 to 0.5")
        ?? Fault(FetchTimeout > TimeSpan.Zero, nameof(FetchTimeout), FetchTimeout, "more than zero")
        ?? Fault(StaleIfError >= TimeSpan.Zero, nameof(StaleIfError), StaleIfError, "zero or more")
        ?? Fault(NegativeLifetime >= TimeSpan.Zero, nameof(NegativeLifetime), NegativeLifetime, "zero or more")
        ?? Fault(DeniedRecheck > TimeSpan.Zero, nameof(DeniedRecheck), DeniedRecheck, "more than zero")
        ?? Fault(LeaseLifetime >= TimeSpan.FromMilliseconds(100), nameof(LeaseLifetime), LeaseLifetime, "100 ms or more")
        ?? Fault(L1Capacity >= 1, nameof(L1Capacity), L1Capacity, "1 or more")
        ?? Fault(L1ByteCapacity >= 1, nameof(L1ByteCapacity), L1ByteCapacity, "1 byte or more")
        ?? Fault(NegativeCapacity >= 1, nameof(NegativeCapacity), NegativeCapacity, "1 or more")
        ?? Fault(LargestL2Value >= 1, nameof(LargestL2Value), LargestL2Value, "1 byte or more")
        ?? Fault(RefreshQueueCapacity >= 1, nameof(RefreshQueueCapacity), RefreshQueueCapacity, "1 or more")
        ?? Fault(RefreshConcurrency >= 1, nameof(RefreshConcurrency), RefreshConcurrency, "1 or more")
        ?? Fault(Enum.IsDefined(Format), nameof(Format), Format, "Envelope or PlainJson")
        ?? Fault(KeyPrefix is not null, nameof(KeyPrefix), "null", "a text, empty or not")
        ?? LastKnownGood?.FindFault();

    private static OptionFault? Fault(bool holds, string option, object value, string expected) => holds ? null : new OptionFault(option, value, expected);
}
