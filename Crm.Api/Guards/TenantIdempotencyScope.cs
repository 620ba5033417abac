using TenantManager.Client.Middleware;
using TenantPlatform.HttpGuards.Idempotency;

namespace Crm.Api.Guards;

/// <summary>Idempotency keys are a tenant's own, and of this service: no tenant's id has a dot.</summary>
internal sealed class TenantIdempotencyScope : IIdempotencyScope
{
    public ValueTask<string?> OfAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<TenantContext>() is { } known ? $"crm.{known.Tenant.Value}" : null);
}
