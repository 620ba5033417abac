using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Store;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore;

/// <summary>A GET or HEAD as the cache sees it, and what it has learned while it looks for the answer.</summary>
/// <param name="context">The request.</param>
/// <param name="key">The resource's key.</param>
/// <param name="partition">What its answers are kept apart by beside that; null: nothing.</param>
/// <param name="directives">What it asks of caches.</param>
/// <param name="policy">The route's word on caching.</param>
/// <param name="isPrivate">Whether the cache is the requester's own.</param>
internal sealed class CacheRequest(HttpContext context, string key, string? partition, RequestDirectives directives, HttpCachePolicy policy, bool isPrivate)
{
    public HttpContext Context => context;

    /// <summary>The resource's key.</summary>
    public string Key => key;

    public RequestDirectives Directives => directives;

    public HttpCachePolicy Policy => policy;

    public IHeaderDictionary Headers => context.Request.Headers;

    public bool IsHead { get; } = HttpMethods.IsHead(context.Request.Method);

    public bool IsRange { get; } = context.Request.Headers.Range.Count > 0;

    /// <summary>Whether it has an <c>Authorization</c> that others who may be given its answer need not have.</summary>
    public bool IsAuthorized => context.Request.Headers.Authorization.Count > 0 && !isPrivate && !policy.AllowsAuthorized(partition);

    public bool IsForOrigin => Preconditions.AreForOrigin(Headers);

    /// <summary>By what the resource varies, as an exchange has told that has not been stored yet.</summary>
    public VariantIndex? Told { get; set; }

    /// <summary>Whether it has waited for an answer to be stored; once is enough.</summary>
    public bool HasWaited { get; set; }

    /// <summary>A stored response of which a part is gone.</summary>
    public StoredResponse? Gone { get; set; }
}
