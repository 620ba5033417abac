namespace TenantManager.Contracts.Reference;

/// <summary>An entry of reference data. Which fields it has depends on its kind.</summary>
public sealed record ReferenceEntry
{
    /// <summary>What it is known by: <c>BR</c>, <c>BRL</c>, <c>currency</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Its English name.</summary>
    public required string Name { get; init; }

    /// <summary>A country's ISO 3166-1 alpha-3 code.</summary>
    public string? Alpha3 { get; init; }

    /// <summary>A country's or a currency's three digits.</summary>
    public string? Numeric { get; init; }

    /// <summary>How many decimals a currency has; absent for what has no minor unit, such as gold.</summary>
    public int? MinorUnits { get; init; }
}
