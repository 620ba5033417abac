using System.Collections.Frozen;

namespace TenantManager.Contracts.Reference;

/// <summary>All entries of one kind, as the tenant-manager answers and as the shared cache holds them. Immutable.</summary>
public sealed class ReferenceSet
{
    private volatile FrozenDictionary<string, ReferenceEntry>? _byCode;

    /// <summary>The kind's name.</summary>
    public required string Kind { get; init; }

    /// <summary>Grows with every change of any of its entries.</summary>
    public required long Revision { get; init; }

    /// <summary>The entries, by code.</summary>
    public required IReadOnlyList<ReferenceEntry> Entries { get; init; }

    /// <summary>The entry with a code, to the letter; null when there is none.</summary>
    public ReferenceEntry? Find(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return (_byCode ??= Entries.ToFrozenDictionary(static entry => entry.Code, StringComparer.Ordinal)).GetValueOrDefault(code);
    }

    /// <summary>Whether this is what lies under a kind's key, and whole: another kind's, or what somebody else has written there, is not.</summary>
    public bool IsOf(string kind) =>
        Kind == kind && Entries is not null && Entries.All(static entry => entry is { Code.Length: > 0, Name: not null })
        && Entries.Select(static entry => entry.Code).Distinct(StringComparer.Ordinal).Count() == Entries.Count;
}
