using System.Diagnostics.CodeAnalysis;

namespace TenantManager.Contracts.Reference;

/// <summary>A kind of reference data. There are these and no others: none can be made of a text that somebody sends, so no reader asks for a key that is not one.</summary>
public sealed class ReferenceKind
{
    private ReferenceKind(string name) => Name = name;

    /// <summary>Countries by ISO 3166-1 alpha-2 code.</summary>
    public static ReferenceKind Countries { get; } = new("countries");

    /// <summary>Currencies by ISO 4217 code.</summary>
    public static ReferenceKind Currencies { get; } = new("currencies");

    /// <summary>Types of assets, such as <c>currency</c>.</summary>
    public static ReferenceKind AssetTypes { get; } = new("asset-types");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReferenceKind> All { get; } = [AssetTypes, Countries, Currencies];

    /// <summary>Its name in paths, keys and events.</summary>
    public string Name { get; }

    /// <summary>Finds a kind by its name, to the letter.</summary>
    public static bool TryParse(string? name, [MaybeNullWhen(false)] out ReferenceKind kind)
    {
        kind = All.FirstOrDefault(one => one.Name == name);
        return kind is not null;
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
