using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Errors;
using TenantManager.Api.Paging;
using TenantManager.Api.Security;
using TenantManager.Api.Tenants;
using TenantManager.Contracts.Audit;

namespace TenantManager.Api.Audit;

/// <summary><c>/v1/audit</c>.</summary>
internal static class AuditApi
{
    private const int LongestText = 256;

    public static void MapAudit(this WebApplication app) => app.MapGroup("/v1/audit").WithTags("Audit").RequireAdministrator()
        .MapGet("/", ListAsync).WithName("listAudit").WithSummary("Lists who changed what, newest first.");

    private static async Task<Ok<Page<AuditLine>>> ListAsync(
        AuditStore store,
        CancellationToken cancellationToken,
        string? tenant = null,
        string? actor = null,
        string? action = null,
        string? since = null,
        string? until = null,
        string? limit = null,
        string? cursor = null)
    {
        var most = PageLimit.Read(limit);
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        var filter = new AuditFilter
        {
            Tenant = tenant is null ? null : TenantsApi.Id(tenant).Value,
            Actor = Text("actor", actor, wrong),
            Action = Text("action", action, wrong),
            Since = Moment("since", since, wrong),
            Until = Moment("until", until, wrong),
            Before = Number("cursor", cursor, wrong),
        };
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
        var rows = await store.ListAsync(filter, most, cancellationToken);
        return TypedResults.Ok(new Page<AuditLine>(rows, most, rows.Count == most ? rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static string? Text(string name, string? text, Dictionary<string, string> wrong)
    {
        if (text is not null && (text.Length is 0 or > LongestText || text.Any(char.IsControl)))
            wrong[name] = $"must be 1 to {LongestText} characters, no control characters";
        return text;
    }

    private static DateTime? Moment(string name, string? text, Dictionary<string, string> wrong)
    {
        if (text is null)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment.UtcDateTime;
        wrong[name] = "must be a moment such as '2026-01-31T12:00:00Z'";
        return null;
    }

    private static long? Number(string name, string? text, Dictionary<string, string> wrong)
    {
        if (text is null)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        wrong[name] = "must be the 'nextCursor' of a page";
        return null;
    }
}
