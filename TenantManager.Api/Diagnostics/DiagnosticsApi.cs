using TenantManager.Contracts;

namespace TenantManager.Api.Diagnostics;

/// <summary><c>/diagnostics</c>, and the counting that feeds it.</summary>
internal static class DiagnosticsApi
{
    public static void UseCallCounting(this WebApplication app)
    {
        var counter = app.Services.GetRequiredService<CallCounter>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is RouteEndpoint endpoint)
            {
                var kind = new CallKind(
                    $"{context.Request.Method} {endpoint.RoutePattern.RawText?.TrimEnd('/')}",
                    TenantId.TryParse(context.Request.RouteValues["tenant"] as string, out var tenant) ? tenant.Value : string.Empty,
                    context.Request.GetTypedHeaders().CacheControl?.NoCache == true);

                // Before the answer leaves: who has the answer in hand finds it counted.
                context.Response.OnStarting(() =>
                {
                    counter.Count(kind, context.Response.StatusCode);
                    return Task.CompletedTask;
                });
            }

            return next(context);
        });
    }

    public static void MapDiagnostics(this WebApplication app) =>
        app.MapGet("/diagnostics/calls", (CallCounter counter) => TypedResults.Ok(new CallCounts([.. counter.Show()])))
            .WithName("countCalls").WithTags("Diagnostics").WithSummary("How many calls were answered, by endpoint, tenant and kind.");
}
