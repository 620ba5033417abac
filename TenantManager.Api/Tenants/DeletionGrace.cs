using TenantManager.Api.Configuration;
using TenantManager.Api.Errors;

namespace TenantManager.Api.Tenants;

/// <summary>How long a deletion can be taken back.</summary>
internal static class DeletionGrace
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Reads <c>?grace=</c>; 30 days when there is none.</summary>
    /// <exception cref="ApiException">It cannot be read, or is too long.</exception>
    public static TimeSpan Read(string? text) =>
        text is null ? Usual
        : DurationText.TryParse(text, out var grace) && grace <= Longest ? grace
        : throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grace"] = $"must be seconds or a duration such as '720h' or '30d', 0 to {Longest.TotalDays} days",
        });
}
