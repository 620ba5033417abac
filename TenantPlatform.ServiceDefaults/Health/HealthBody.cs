using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.ServiceDefaults.Health;

/// <summary>The body of a health endpoint: <c>{"status":…,"checks":{"redis":{"status":…,"description"?}}}</c>.</summary>
/// <remarks>The text of exceptions stays inside: it may hold addresses or credentials.</remarks>
internal static class HealthBody
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new { status = entry.Value.Status.ToString(), description = Describe(entry.Value) },
                StringComparer.Ordinal),
        },
        Json,
        context.RequestAborted);

    // A check that throws gets its exception's message as the description; one that says something itself keeps it.
    private static string? Describe(HealthReportEntry entry) =>
        entry.Exception is { } exception && entry.Description == exception.Message
            ? $"The check failed: {exception.GetType().Name}."
            : entry.Description;
}
