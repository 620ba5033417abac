using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace TenantPlatform.Hosting.Dashboard;

/// <summary>Why a call was refused.</summary>
/// <param name="Error">The kind, for programs.</param>
/// <param name="Message">What was wrong and what to do, for people.</param>
internal sealed record Problem(string Error, string Message)
{
    public static JsonHttpResult<Problem> NotFound(string message) => TypedResults.Json(new Problem("not_found", message), statusCode: StatusCodes.Status404NotFound);

    public static JsonHttpResult<Problem> Conflict(string message) => TypedResults.Json(new Problem("conflict", message), statusCode: StatusCodes.Status409Conflict);

    public static Task WriteAsync(HttpContext context, int status, string error, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Problem(error, message), DashboardJson.Options);
    }
}
