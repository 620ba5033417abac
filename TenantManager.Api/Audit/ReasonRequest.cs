using Microsoft.AspNetCore.Http.Features;
using TenantManager.Api.Errors;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Audit;

/// <summary>The body of calls that may say why; it may be left out.</summary>
internal sealed record ReasonRequest(string? Reason = null)
{
    private const int LongestReason = 256;

    /// <summary>Reads it: null when no reason is given.</summary>
    /// <exception cref="ApiException">The reason is too long, or not one line.</exception>
    public static async Task<string?> ReadAsync(HttpRequest request)
    {
        if (!(request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength > 0))
            return null;
        var reason = (await JsonBody.ReadAsync<ReasonRequest>(request)).Reason;
        if (reason is not null && (reason.Length > LongestReason || reason.Any(char.IsControl)))
            throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = $"must be at most {LongestReason} characters, no control characters" });
        return string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
    }
}
