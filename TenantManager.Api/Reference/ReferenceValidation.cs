using System.Text.RegularExpressions;
using TenantManager.Api.Errors;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>What an entry may look like, by its kind.</summary>
internal static partial class ReferenceValidation
{
    private const int LongestName = 128;
    private const int MostMinorUnits = 18;

    /// <exception cref="ApiException">There is no such kind.</exception>
    public static ReferenceKind Kind(string name) => ReferenceKind.TryParse(name, out var kind) ? kind : throw ApiErrors.ReferenceKindNotFound();

    /// <summary>Reads the code of an entry that should be there.</summary>
    /// <exception cref="ApiException">None has such a code.</exception>
    public static string Code(ReferenceKind kind, string code) => IsCode(kind, code) ? code : throw ApiErrors.ReferenceEntryNotFound();

    /// <summary>Reads an entry.</summary>
    /// <exception cref="ApiException">Something is missing or wrong; <c>fields</c> says what.</exception>
    public static ReferenceEntry Entry(ReferenceKind kind, string code, PutReferenceRequest request)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        Check(wrong, "code", IsCode(kind, code), CodeExpected(kind));
        Check(
            wrong,
            "name",
            !string.IsNullOrWhiteSpace(request.Name) && request.Name.Length <= LongestName && !request.Name.Any(char.IsControl),
            $"is required, 1 to {LongestName} characters, no control characters");
        if (kind == ReferenceKind.Countries)
            Check(wrong, "alpha3", request.Alpha3 is null || ThreeLetters().IsMatch(request.Alpha3), "must be three letters A to Z");
        else
            Check(wrong, "alpha3", request.Alpha3 is null, $"is no field of {kind}");
        if (kind == ReferenceKind.AssetTypes)
            Check(wrong, "numeric", request.Numeric is null, $"is no field of {kind}");
        else
            Check(wrong, "numeric", request.Numeric is null || ThreeDigits().IsMatch(request.Numeric), "must be three digits, as a text");
        if (kind == ReferenceKind.Currencies)
            Check(wrong, "minorUnits", request.MinorUnits is null or (>= 0 and <= MostMinorUnits), $"must be 0 to {MostMinorUnits}");
        else
            Check(wrong, "minorUnits", request.MinorUnits is null, $"is no field of {kind}");
        return wrong.Count == 0
            ? new ReferenceEntry { Code = code, Name = request.Name!, Alpha3 = request.Alpha3, Numeric = request.Numeric, MinorUnits = request.MinorUnits }
            : throw ApiErrors.InvalidFields(wrong);
    }

    private static bool IsCode(ReferenceKind kind, string code) =>
        (kind == ReferenceKind.Countries ? TwoLetters() : kind == ReferenceKind.Currencies ? ThreeLetters() : Word()).IsMatch(code);

    private static string CodeExpected(ReferenceKind kind) =>
        kind == ReferenceKind.Countries ? "must be two letters A to Z"
        : kind == ReferenceKind.Currencies ? "must be three letters A to Z"
        : "must be 1 to 63 of a-z, 0-9 and '-', a letter first";

    private static void Check(Dictionary<string, string> wrong, string field, bool holds, string expected)
    {
        if (!holds)
            wrong[field] = expected;
    }

    [GeneratedRegex("^[A-Z]{2}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TwoLetters();

    [GeneratedRegex("^[A-Z]{3}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ThreeLetters();

    [GeneratedRegex("^[0-9]{3}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex ThreeDigits();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
