using TenantManager.Api.Provisioning;

namespace TenantManager.Api.Export;

/// <summary>A table whose rows are exported.</summary>
internal sealed record ExportedTable
{
    /// <summary>Those of one schema, or of all when none is named. Of a partitioned table the partitions, which hold its rows.</summary>
    public const string Query =
        """
        select n.nspname as schema, c.relname as table, array(
            select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and (@schema::text is null or n.nspname = @schema)
        order by n.nspname, c.relname
        """;

    public string Schema { get; init; } = string.Empty;

    public string Table { get; init; } = string.Empty;

    public string[] Columns { get; init; } = [];

    /// <summary>
    /// Has the server write a line of JSON per row. A line break within JSON is a blank and nothing else, since texts have it escaped;
    /// and what would have COPY quote a value cannot be in JSON at all. Functions are named in full: a table may have one of its own.
    /// </summary>
    public string Copy =>
        $"""
        copy (select pg_catalog.translate(pg_catalog.json_build_object('schema', {Literal(Schema)}, 'table', {Literal(Table)}, 'row', pg_catalog.row_to_json(t))::pg_catalog.text, e'\n\r', '  ')
            from only {DatabaseNames.Quote(Schema)}.{DatabaseNames.Quote(Table)} t)
        to stdout with (format csv, delimiter e'\x02', quote e'\x01', encoding 'UTF8')
        """;

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'::pg_catalog.text";
}
