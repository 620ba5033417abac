using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using TenantManager.Client.Middleware;

namespace TenantManager.Client.Tests.Databases;

/// <summary>The ways in which handlers answer while their tenant is denied.</summary>
internal static class GraceEndpoints
{
    /// <param name="app">Where they are mapped.</param>
    /// <param name="deafGate">What the handler waits for that takes no notice.</param>
    /// <param name="denyAsync">Denies the tenant.</param>
    public static void Map(WebApplication app, Task deafGate, Func<Task> denyAsync)
    {
        app.MapMethods("/query", ["GET", "POST"], static (TenantContext tenant, CancellationToken stop) => PassAsync(tenant, stop)).RequireTenant();
        app.MapGet("/value", static async (TenantContext tenant, CancellationToken stop) => new[] { await PassAsync(tenant, stop) }).RequireTenant();
        app.MapGet("/stream", static async (TenantContext tenant, HttpContext context, bool fails = false) =>
        {
            await context.Response.WriteAsync("begun", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await using var command = tenant.Database.CreateCommand("SELECT pg_advisory_lock(1)");
            await command.ExecuteNonQueryAsync(context.RequestAborted);
            if (fails)
                throw new InvalidOperationException("It was no use.");
        }).RequireTenant();
        app.MapGet("/late", (TenantContext tenant, HttpResponse response, string? kind) =>
        {
            // Those who registered last are asked first: before the pipeline's own.
            response.OnStarting(denyAsync);
            return kind switch { "empty" => Results.NotFound(), "value" => new[] { "answer" }, _ => (object)Results.Text("answer") };
        }).RequireTenant();
        app.MapGet("/deaf", async (TenantContext tenant, HttpResponse response, bool begins = false) =>
        {
            // Shows in the database that the request has come so far.
            await using var connection = await tenant.Database.OpenConnectionAsync(CancellationToken.None);
            await using var command = new NpgsqlCommand("SET application_name = 'deaf'", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            await deafGate;
            if (begins)
                await response.StartAsync(CancellationToken.None);
            await response.Body.WriteAsync("secret answer"u8.ToArray(), CancellationToken.None);
        }).RequireTenant();
    }

    private static async Task<string> PassAsync(TenantContext tenant, CancellationToken stop)
    {
        await using var command = tenant.Database.CreateCommand("SELECT pg_advisory_lock(1)::text || 'passed'");
        return (string)(await command.ExecuteScalarAsync(stop))!;
    }
}
