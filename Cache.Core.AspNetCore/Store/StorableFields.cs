using Cache.Core.AspNetCore.Fields;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Store;

/// <summary>Which fields of a response are stored (RFC 9111, section 3.1).</summary>
internal static class StorableFields
{
    /// <summary>Of a connection, of a proxy, or this cache's own to write.</summary>
    private static readonly HashSet<string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Age", "X-Cache", "Content-Length",
    };

    public static List<StoredField> Of(IHeaderDictionary headers, IReadOnlyList<string> unstored)
    {
        var listed = headers.Connection.Count == 0 ? [] : FieldList.Members(headers.Connection);
        List<StoredField> fields = new(headers.Count);
        foreach (var field in headers)
        {
            if (!Never.Contains(field.Key) && !listed.Contains(field.Key, StringComparer.OrdinalIgnoreCase) && !unstored.Contains(field.Key, StringComparer.OrdinalIgnoreCase))
                fields.Add(new StoredField(field.Key, field.Value));
        }

        return fields;
    }

    public static long Weight(IReadOnlyList<StoredField> fields)
    {
        var weight = 0L;
        foreach (var field in fields)
        {
            weight += field.Name.Length + 32;
            foreach (var line in field.Values)
                weight += line?.Length ?? 0;
        }

        return weight;
    }
}
