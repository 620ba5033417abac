using System.Globalization;
using Microsoft.AspNetCore.Http;
using TenantPlatform.ServiceKit.Errors;

namespace TenantPlatform.ServiceKit.Paging;

/// <summary>Which part of a list is asked for: <c>limit</c>, <c>cursor</c> or <c>page</c>, <c>sort_order</c>.</summary>
/// <param name="Limit">How many rows.</param>
/// <param name="Number">Which page, from 1; without meaning beside a cursor.</param>
/// <param name="Cursor">The last id of the page before; null: none.</param>
/// <param name="IsDescending">Whether the newest come first.</param>
/// <remarks>Ids grow with time, so the order by id is the order of creation.</remarks>
public sealed record Page(int Limit, int Number, Guid? Cursor, bool IsDescending)
{
    private const int DefaultLimit = 10;
    private const int MostPages = 100_000;

    /// <summary>How many rows are left out.</summary>
    public int Offset => Cursor is null ? (Number - 1) * Limit : 0;

    /// <summary>The end of a query, which begins with a condition. Its parameters are this record's <c>Cursor</c>, <c>Limit</c> and <c>Offset</c>.</summary>
    /// <param name="id">The column of the id.</param>
    public string Sql(string id = "id") => IsDescending
        ? $" and (@Cursor::uuid is null or {id} < @Cursor) order by {id} desc limit @Limit offset @Offset"
        : $" and (@Cursor::uuid is null or {id} > @Cursor) order by {id} limit @Limit offset @Offset";

    /// <summary>Minimal APIs bind it from the query.</summary>
    /// <exception cref="ApiException">The query is wrong.</exception>
    public static ValueTask<Page> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var query = context.Request.Query;
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        var limit = ReadNumber(query["limit"], DefaultLimit, 100);
        if (limit is null)
            wrong["limit"] = "must be 1 to 100";
        var page = ReadNumber(query["page"], 1, MostPages);
        if (page is null)
            wrong["page"] = $"must be 1 to {MostPages}";
        Guid? cursor = null;
        if (query["cursor"].ToString() is { Length: > 0 } text)
        {
            if (Guid.TryParse(text, out var id))
                cursor = id;
            else
                wrong["cursor"] = "is not a cursor that an earlier page gave";
        }

        var order = query["sort_order"].ToString();
        if (order is not ("" or "asc" or "desc"))
            wrong["sort_order"] = "must be 'asc' or 'desc'";
        return wrong.Count == 0
            ? ValueTask.FromResult(new Page(limit!.Value, page!.Value, cursor, order == "desc"))
            : throw ApiErrors.InvalidFields("Query", wrong);
    }

    /// <summary>The answer's form.</summary>
    /// <param name="rows">The page's rows.</param>
    /// <param name="id">A row's id.</param>
    /// <param name="show">A row as it is shown.</param>
    public object Show<T>(IReadOnlyList<T> rows, Func<T, Guid> id, Func<T, object> show) => new
    {
        items = rows.Select(show),
        limit = Limit,
        page = Cursor is null ? Number : (int?)null,
        nextCursor = rows.Count == Limit ? id(rows[^1]) : (Guid?)null,
    };

    private static int? ReadNumber(string? text, int otherwise, int most)
    {
        if (string.IsNullOrEmpty(text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;
    }
}
