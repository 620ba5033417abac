using System.Globalization;
using TenantManager.Api.Errors;

namespace TenantManager.Api.Paging;

/// <summary>How many items a page of a list has.</summary>
internal static class PageLimit
{
    private const int Default = 50;
    private const int Most = 100;

    /// <exception cref="ApiException">It is no number within the bounds.</exception>
    public static int Read(string? text) =>
        text is null ? Default
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Most ? limit
        : throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal) { ["limit"] = $"must be 1 to {Most}" });
}
