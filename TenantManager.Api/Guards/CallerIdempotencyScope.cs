using TenantManager.Api.Security;
using TenantPlatform.HttpGuards.Idempotency;

namespace TenantManager.Api.Guards;

/// <summary>
/// Idempotency keys are the caller's: the API key's, and the administrator's whose token comes with it. The token is checked here,
/// because a stored answer is given without the endpoint's filters: a key of the environment, which every service may hold, must
/// not open what only an administrator was told.
/// </summary>
internal sealed class CallerIdempotencyScope(AdministratorCheck administrator, CallerAccess callers) : IIdempotencyScope
{
    public async ValueTask<string?> OfAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || context.Features.Get<Caller>() is null)
            return null;
        if (endpoint.Metadata.GetMetadata<AdministratorMetadata>() is not null)
            await administrator.CheckAsync(context);
        var caller = callers.Current;
        var key = caller.KeyId is { } id ? $"key-{id}" : caller.Actor;
        return caller.Subject is { } subject ? $"{key}:{subject}" : key;
    }
}
