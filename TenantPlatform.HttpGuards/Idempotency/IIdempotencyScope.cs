using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>Tells whose idempotency keys a request's are: a service's own, because it knows who calls.</summary>
public interface IIdempotencyScope
{
    /// <summary>
    /// The caller's or tenant's id, within which keys must differ; never a secret. Null: the request has nobody's, and goes on as if it
    /// had no key. A stored answer is given to whoever has the scope, so everything that the handler would ask of the caller (its
    /// token, its scopes) must be asked before, or here.
    /// </summary>
    ValueTask<string?> OfAsync(HttpContext context);
}
