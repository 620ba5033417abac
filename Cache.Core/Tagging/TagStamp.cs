namespace Cache.Core.Tagging;

/// <summary>A tag as an entry carries it.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Epoch">The epoch it had when the entry's fetch began.</param>
internal readonly record struct TagStamp(string Name, string Epoch);
