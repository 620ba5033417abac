using Cache.Core.Tiered;

namespace Cache.Core.Snapshots;

/// <summary>
/// A snapshot on disk of chosen entries and of all denials, for a process that starts while Valkey and the source are both away
/// (<see cref="TieredCacheOptions.LastKnownGood"/>). Encrypted, always.
/// </summary>
/// <remarks>Holds secrets: never log it. <see cref="LastKnownGoodSettings"/> reads it from the environment.</remarks>
public sealed class LastKnownGoodOptions
{
    /// <summary>The file. A path of its own for each process and cache: whoever writes last wins.</summary>
    public string Path { get; set; } = string.Empty;

    /// <summary>
    /// The keys of the file as <c>id:base64key,id:base64key</c>, 32 bytes each: the first one encrypts, all of them decrypt. Without one
    /// nothing is written or read, and a warning says so.
    /// </summary>
    public string? EncryptionKeys { get; set; }

    /// <summary>How long after the source has last answered it an entry may be served. 24 hours unless set.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The most entries, denials included and first; then those that the source has answered last.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>The largest file.</summary>
    public ByteSize MaxSize { get; set; } = ByteSize.FromMegabytes(32);

    /// <summary>How long changes gather before they are written together. A revocation waits for a second at most.</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Chooses the keys whose values are kept. Null: all. Asked whenever L1 is filled, so it must be quick, safe for concurrent use, and
    /// must not call the cache. Entries with tags are never kept, and so nothing that comes through
    /// <see cref="Microsoft.Extensions.Caching.Hybrid.HybridCache"/>: nobody could say after a restart whether a tag was removed.
    /// </summary>
    public Func<string, bool>? Chooses { get; set; }

    internal OptionFault? FindFault() =>
        Fault(!string.IsNullOrWhiteSpace(Path), nameof(Path), "empty", "the path of a file")
        ?? Fault(MaxAge > TimeSpan.Zero, nameof(MaxAge), MaxAge, "more than zero")
        ?? Fault(MaxEntries >= 1, nameof(MaxEntries), MaxEntries, "1 or more")
        ?? Fault(MaxSize >= 1024 && MaxSize <= int.MaxValue / 2, nameof(MaxSize), MaxSize, "1 KB to 1 GB")
        ?? Fault(WriteInterval >= TimeSpan.FromSeconds(1), nameof(WriteInterval), WriteInterval, "1 second or more");

    private static OptionFault? Fault(bool holds, string option, object value, string expected) =>
        holds ? null : new OptionFault($"{nameof(TieredCacheOptions.LastKnownGood)}.{option}", value, expected);
}
