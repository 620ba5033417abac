namespace Cache.Core.Valkey;

/// <summary>A page of keys.</summary>
/// <param name="Keys">The keys, in no order.</param>
/// <param name="Next">Where the next page begins; opaque. Null: there is none.</param>
public sealed record KeyPage(IReadOnlyList<string> Keys, string? Next);
