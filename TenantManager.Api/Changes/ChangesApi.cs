using System.Globalization;
using TenantManager.Api.Associations;
using TenantManager.Api.Errors;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;

namespace TenantManager.Api.Changes;

/// <summary><c>/v1/changes</c>.</summary>
internal static class ChangesApi
{
    private const int UsualPage = 500;

    public static void MapChanges(this WebApplication app) => app.MapGet(ChangeFeed.Path, ListAsync)
        .WithName("listChanges").Produces<ChangePage>().WithTags("Changes").WithSummary("Tells a service which of its tenants have changed since a cursor, at once or as soon as one has.");

    private static async Task<IResult> ListAsync(
        HttpContext context,
        ChangeQuestions questions,
        CancellationToken cancellationToken,
        string? service = null,
        string? since = null,
        string? wait = null,
        string? limit = null)
    {
        ServiceName.Check(service);
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        var most = UsualPage;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > ChangeFeed.LongestPage))
            wrong["limit"] = $"must be 1 to {ChangeFeed.LongestPage}";
        var seconds = 0.0;
        if (wait is not null && (!double.TryParse(wait, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) || seconds > ChangeFeed.LongestWait.TotalSeconds))
            wrong["wait"] = $"must be 0 to {ChangeFeed.LongestWait.TotalSeconds} seconds";
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);

        // A cursor that cannot be read is like one that cannot be gone on from: the answer begins from the beginning and says so.
        var page = await questions.AskAsync(service!, ChangeCursor.TryParse(since), most, TimeSpan.FromSeconds(seconds), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(page, ContractJson.Options);
    }
}
