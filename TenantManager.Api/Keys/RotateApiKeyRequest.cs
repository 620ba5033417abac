using TenantManager.Api.Errors;

namespace TenantManager.Api.Keys;

/// <summary>The body of <c>POST /v1/api-keys/{id}/rotate</c>.</summary>
internal sealed record RotateApiKeyRequest(int? OverlapSeconds = null)
{
    private const int LongestOverlap = 7 * 24 * 60 * 60;
    private static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>How long the previous secret goes on being accepted.</summary>
    /// <exception cref="ApiException">It is out of range.</exception>
    public TimeSpan Overlap() => OverlapSeconds switch
    {
        null => DefaultOverlap,
        >= 0 and <= LongestOverlap => TimeSpan.FromSeconds(OverlapSeconds.Value),
        _ => throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal) { ["overlapSeconds"] = $"must be 0 to {LongestOverlap}" }),
    };
}
