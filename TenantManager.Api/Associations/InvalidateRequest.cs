using TenantManager.Api.Errors;

namespace TenantManager.Api.Associations;

/// <summary>The body of <c>POST …/associations/{service}/invalidate</c>.</summary>
internal sealed record InvalidateRequest(string? Reason = null)
{
    private const int LongestReason = 256;

    /// <summary>The reason travels to every pod.</summary>
    /// <exception cref="ApiException">It is too long, or not one line.</exception>
    public static void Check(InvalidateRequest request)
    {
        if (request.Reason is { } reason && (reason.Length > LongestReason || reason.Any(char.IsControl)))
            throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = $"must be at most {LongestReason} characters, no control characters" });
    }
}
