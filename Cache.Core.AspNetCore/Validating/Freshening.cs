using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Validating;

/// <summary>Bringing a stored header up to date with that of a 304, or of a HEAD (RFC 9111, sections 3.2, 4.3.4 and 4.3.5).</summary>
internal static class Freshening
{
    /// <summary>What tells of the stored bytes themselves stays.</summary>
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "Content-Length", "Content-Encoding", "Content-Range" };

    /// <summary>Whether a 304 speaks of what is stored: it names the same validator, or none.</summary>
    public static bool Selects(StoredResponse stored, IHeaderDictionary update) =>
        update.ETag.Count == 0 || stored.EntityTag is null || EntityTag.IsIn(update.ETag, stored.EntityTag);

    /// <summary>Whether a HEAD's answer is one of the stored representation.</summary>
    public static bool IsSameRepresentation(StoredResponse stored, int status, IHeaderDictionary head) =>
        status == stored.Status
        && (head.ETag.Count == 0 || head.ETag.ToString() == stored.EntityTag)
        && (head.LastModified.Count == 0 || HttpDate.Parse(head.LastModified) == stored.LastModified)
        && (head.ContentLength is not { } length || stored.Body.CompleteLength is not { } known || length == known);

    /// <summary>The stored fields, replaced by those of the update.</summary>
    public static StoredField[] Fields(StoredResponse stored, IReadOnlyList<StoredField> update)
    {
        var taken = update.Where(static field => !Kept.Contains(field.Name)).ToList();
        return
        [
            .. stored.Fields.Where(field => !taken.Exists(one => one.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase))),
            .. taken,
        ];
    }
}
