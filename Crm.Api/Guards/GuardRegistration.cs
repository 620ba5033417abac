using TenantPlatform.HttpGuards.Idempotency;

namespace Crm.Api.Guards;

/// <summary>What stands before the handlers.</summary>
internal static class GuardRegistration
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>Adds idempotency keys. Without Valkey requests go on uncovered: a document or an account that is there already is refused anyway.</summary>
    public static void AddSealedIdempotency(this WebApplicationBuilder builder) => builder.Services.AddIdempotency(builder.Configuration, keys =>
    {
        keys.Retention = Retention;
        keys.FailsClosed = false;
        keys.ScopeBy<TenantIdempotencyScope>().ProtectBy<RecordSeal>();
    });

    /// <summary>No answer is kept by a browser, a proxy or the gateway: it may hold personal data.</summary>
    public static void UsePrivateAnswers(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(
            static state =>
            {
                ((HttpResponse)state).Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    });
}
