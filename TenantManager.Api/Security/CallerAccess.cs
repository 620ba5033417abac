namespace TenantManager.Api.Security;

/// <summary>Tells who makes the present call.</summary>
internal sealed class CallerAccess(IHttpContextAccessor contexts)
{
    public Caller Current
    {
        get => contexts.HttpContext?.Features.Get<Caller>() ?? Caller.System;
        set => (contexts.HttpContext ?? throw new InvalidOperationException("There is no call.")).Features.Set(value);
    }
}
