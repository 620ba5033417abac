using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Validating;

/// <summary>The header of the request that goes to the origin: the requester's, with this cache's conditions in place of its own (RFC 9111, section 4.3.1).</summary>
internal static class ValidationRequest
{
    /// <param name="request">The requester's header.</param>
    /// <param name="stored">What is to be validated; null for nothing.</param>
    /// <param name="keepsRange">Whether a range that is asked for is asked of the origin.</param>
    public static IHeaderDictionary Header(IHeaderDictionary request, StoredResponse? stored, bool keepsRange)
    {
        IHeaderDictionary header = new HeaderDictionary(request.Count);
        foreach (var field in request)
            header[field.Key] = field.Value;
        header.Remove("If-None-Match");
        header.Remove("If-Modified-Since");
        if (!keepsRange)
        {
            header.Remove("Range");
            header.Remove("If-Range");
        }

        if (stored?.EntityTag is { } tag)
            header.IfNoneMatch = tag;
        if (stored?.LastModified is { } modified)
            header.IfModifiedSince = stored.Find("Last-Modified") ?? HttpDate.Format(modified);
        return header;
    }

    /// <summary>Asks for what is missing behind the beginning that is stored (RFC 9111, section 3.4).</summary>
    public static IHeaderDictionary Completing(IHeaderDictionary request, StoredResponse stored)
    {
        var header = Header(request, stored: null, keepsRange: false);
        header.Range = $"bytes={stored.Body.Beginning()}-";
        if (EntityTag.IsStrong(stored.EntityTag))
            header.IfRange = stored.EntityTag;
        return header;
    }
}
