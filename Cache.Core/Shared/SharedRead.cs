using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Tiered;

namespace Cache.Core.Shared;

/// <summary>What reading L2 found: a value, or what a fetch needs to fill it, or that L2 is away.</summary>
internal readonly record struct SharedRead<T>
{
    public bool IsHit { get; private init; }

    public T? Value { get; private init; }

    /// <summary>The value's revision, when it can be told.</summary>
    public long? Revision { get; private init; }

    /// <summary>The value's length in L2.</summary>
    public long Size { get; private init; }

    public ITagStamps? Tags { get; private init; }

    /// <summary>How long the value lives in L2; null: for ever.</summary>
    public TimeSpan? Remaining { get; private init; }

    /// <summary>Null while L2 is away: then nothing may be written to it either.</summary>
    public FenceNote? Note { get; private init; }

    public static SharedRead<T> Away => default;

    public static SharedRead<T> Hit(T value, long? revision, TimeSpan? remaining, FenceNote note, ITagStamps? tags = null, long size = 0) =>
        new() { IsHit = true, Value = value, Revision = revision, Remaining = remaining, Note = note, Tags = tags, Size = size };

    public static SharedRead<T> Miss(FenceNote note) => new() { Note = note };

    /// <summary>The hit as an answer; stale where the plan says so.</summary>
    public CacheLookup<T> ToLookup(EntryPlan plan)
    {
        var past = plan.PastL2Soft(Remaining);
        return new CacheLookup<T>(FetchResult<T>.Found(Value!, Revision), CacheSource.L2, past is not null, past ?? TimeSpan.Zero);
    }
}
