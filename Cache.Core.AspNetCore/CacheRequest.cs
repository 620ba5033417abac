using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Store;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore;

/// <summary>A GET or HEAD as the cache sees it, and what it has learned while it looks for the answer.</summary>
internal sealed class CacheRequest(HttpContext context, string key, RequestDirectives directives)
{
    public HttpContext Context => context;

    /// <summary>The resource's key.</summary>
    public string Key => key;

    public RequestDirectives Directives => directives;

    public IHeaderDictionary Headers => context.Request.Headers;

    public bool IsHead { get; } = HttpMethods.IsHead(context.Request.Method);

    public bool IsRange { get; } = context.Request.Headers.Range.Count > 0;

    public bool IsAuthorized { get; } = context.Request.Headers.Authorization.Count > 0;

    public bool IsForOrigin => Preconditions.AreForOrigin(Headers);

    /// <summary>By what the resource varies, as an exchange has told that has not been stored yet.</summary>
    public VariantIndex? Told { get; set; }

    /// <summary>A stored response of which a part is gone.</summary>
    public StoredResponse? Gone { get; set; }
}
