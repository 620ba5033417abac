using System.Text.RegularExpressions;
using TenantManager.Api.Errors;

namespace TenantManager.Api.Associations;

/// <summary>Names of services: safe in paths, keys and database identifiers.</summary>
internal static partial class ServiceName
{
    /// <exception cref="ApiException">The name is invalid.</exception>
    public static string Check(string? name) => IsValid(name) ? name! : throw ApiErrors.InvalidService();

    public static bool IsValid(string? name) => name is not null && Valid().IsMatch(name);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Valid();
}
