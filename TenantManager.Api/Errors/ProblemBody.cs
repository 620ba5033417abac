using System.Net.Mime;
using TenantManager.Contracts;

namespace TenantManager.Api.Errors;

/// <summary>
/// An error for those who ask for <c>application/problem+json</c> (RFC 9457): its own members, and beside them those that everybody
/// else is answered with.
/// </summary>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Code, string Message, string? EntityType, IReadOnlyDictionary<string, string>? Fields)
{
    /// <summary>Whether the caller names that type. One who takes anything gets what the contract says.</summary>
    public static bool IsWanted(HttpRequest request) => request.GetTypedHeaders().Accept
        .Any(type => type.MediaType.Equals(MediaTypeNames.Application.ProblemJson, StringComparison.OrdinalIgnoreCase) && type.Quality != 0);

    public static ProblemBody Of(int status, ApiError error) =>
        new("about:blank", error.Title, status, error.Message, error.Code, error.Message, error.EntityType, error.Fields);
}
