using System.Text;
using System.Text.RegularExpressions;
using TenantManager.Api.Associations;
using TenantManager.Api.Errors;
using TenantManager.Contracts;

namespace TenantManager.Api.Tenants;

/// <summary>What a new or changed tenant must look like; all that is wrong is reported at once.</summary>
internal static partial class TenantValidation
{
    private const int LongestText = 256;
    private const int LongestSlug = 63;
    private const int MostMetadata = 50;

    public static string ExpectedTier { get; } = $"must be one of {string.Join(", ", TenantTier.All)}";

    /// <exception cref="ApiException">Something is missing or wrong; <c>fields</c> says what.</exception>
    public static void Check(CreateTenantRequest request)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!IsText(request.Name))
            wrong["name"] = $"is required, 1 to {LongestText} characters, no control characters";
        if (request.Slug is not null && !IsSlug(request.Slug))
            wrong["slug"] = $"must be 1 to {LongestSlug} of a-z, 0-9 and '-', not first or last";
        if (request.Environment is null || !IsSlug(request.Environment))
            wrong["environment"] = "is required: a-z, 0-9 and '-', such as 'production'";
        if (IsolationModes.Normalize(request.Isolation) is null)
            wrong["isolation"] = IsolationModes.Expected;
        if (request.Owner?.Email is not { } email || email.Length > LongestText || !Email().IsMatch(email))
            wrong["owner.email"] = "is required and must be an e-mail address";
        if (request.Owner?.PasswordHash is { Length: > 1024 })
            wrong["owner.passwordHash"] = "must be at most 1024 characters";
        CheckTier(request.Tier, wrong);
        CheckMetadata(request.Metadata, wrong);
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
    }

    /// <exception cref="ApiException">Nothing is to be changed, or something is wrong; <c>fields</c> says what.</exception>
    public static void Check(ChangeTenantRequest request)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (request is { Name: null, Tier: null, Metadata: null })
            wrong["body"] = "must have one of name, tier, metadata";
        if (request.Name is not null && !IsText(request.Name))
            wrong["name"] = $"must be 1 to {LongestText} characters, no control characters";
        CheckTier(request.Tier, wrong);
        CheckMetadata(request.Metadata, wrong);
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
    }

    /// <summary>A slug from a name: its ASCII letters and digits, in lower case, joined by dashes; random when it has none.</summary>
    public static string SlugOf(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        var text = slug.ToString(0, Math.Min(slug.Length, LongestSlug)).Trim('-');
        return text.Length > 0 ? text : $"tenant-{Guid.NewGuid():N}";
    }

    private static void CheckTier(string? tier, Dictionary<string, string> wrong)
    {
        if (tier is not null && !TenantTier.IsKnown(tier))
            wrong["tier"] = ExpectedTier;
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string>? metadata, Dictionary<string, string> wrong)
    {
        if (metadata is null)
            return;
        if (metadata.Count > MostMetadata)
            wrong["metadata"] = $"must have at most {MostMetadata} entries";
        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > 100 || key.Contains('\0', StringComparison.Ordinal) || value is null || value.Length > 2000 || value.Contains('\0', StringComparison.Ordinal))
                wrong["metadata"] = "must map keys of 1 to 100 characters to texts of at most 2000";
        }
    }

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= LongestText && !text.Any(char.IsControl);

    private static bool IsSlug(string text) => text.Length <= LongestSlug && Slug().IsMatch(text);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Slug();

    [GeneratedRegex(@"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Email();
}
