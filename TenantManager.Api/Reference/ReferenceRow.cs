using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>An entry as it is stored.</summary>
internal sealed record ReferenceRow
{
    public string Kind { get; init; } = string.Empty;

    public string Code { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string? Alpha3 { get; init; }

    public string? NumericCode { get; init; }

    public int? MinorUnits { get; init; }

    /// <summary>The set's revision that its latest change has made.</summary>
    public long Revision { get; init; }

    public static ReferenceRow Of(ReferenceKind kind, ReferenceEntry entry) =>
        new() { Kind = kind.Name, Code = entry.Code, Name = entry.Name, Alpha3 = entry.Alpha3, NumericCode = entry.Numeric, MinorUnits = entry.MinorUnits };

    public ReferenceEntry ToEntry() => new() { Code = Code, Name = Name, Alpha3 = Alpha3, Numeric = NumericCode, MinorUnits = MinorUnits };

    /// <summary>Names the fields, as they are on the wire, in which another one differs.</summary>
    public IReadOnlyList<string> ChangedBy(ReferenceRow other)
    {
        var changed = new List<string>();
        if (Name != other.Name)
            changed.Add("name");
        if (Alpha3 != other.Alpha3)
            changed.Add("alpha3");
        if (NumericCode != other.NumericCode)
            changed.Add("numeric");
        if (MinorUnits != other.MinorUnits)
            changed.Add("minorUnits");
        return changed;
    }
}
