namespace Cache.Core.Memory;

/// <summary>How an entry of L1 is kept.</summary>
/// <param name="Soft">How long it is fresh.</param>
/// <param name="Serve">How long it is served at once; past the soft lifetime while a refresh runs.</param>
/// <param name="Hard">How long it may be served stale when nothing better can be had.</param>
/// <param name="Size">What the value weighs in bytes; 0 when nobody knows.</param>
/// <param name="Tags">Its tags; null without.</param>
/// <param name="Proven">How long it counts as proven whatever the coherence channel does; zero: only while the channel proves it.</param>
/// <param name="Age">How long ago the source has answered it, as far as can be told.</param>
internal readonly record struct EntryTerms(
    TimeSpan Soft, TimeSpan Serve, TimeSpan Hard, long Size = 0, ITagStamps? Tags = null, TimeSpan Proven = default, TimeSpan Age = default);
