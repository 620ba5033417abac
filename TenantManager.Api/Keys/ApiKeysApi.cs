using Microsoft.AspNetCore.Http.Features;
using TenantManager.Api.Errors;
using TenantManager.Api.Paging;
using TenantManager.Api.Security;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Keys;

/// <summary><c>/v1/api-keys</c>.</summary>
internal static class ApiKeysApi
{
    public static void MapApiKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/v1/api-keys").WithTags("API keys").RequireAdministrator();
        keys.MapPost("/", CreateAsync).Accepts<CreateApiKeyRequest>("application/json").WithSummary("Creates a key; its text is in this answer and nowhere else.");
        keys.MapGet("/", ListAsync).WithSummary("Lists keys, by id.");
        keys.MapGet("/{id}", GetAsync).WithSummary("Shows a key.");
        keys.MapPost("/{id}/rotate", RotateAsync).Accepts<RotateApiKeyRequest>(isOptional: true, "application/json").WithSummary("Gives a key a new text; the previous one is accepted for a while.");
        keys.MapDelete("/{id}", RevokeAsync).WithSummary("Revokes a key: every instance refuses it from now on.");
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeyLifecycle lifecycle, TimeProvider time, CancellationToken cancellationToken)
    {
        var issued = await lifecycle.CreateAsync(await JsonBody.ReadAsync<CreateApiKeyRequest>(context.Request), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Created($"/v1/api-keys/{issued.Row.Id}", new
        {
            issued.Row.Id,
            issued.Row.Name,
            status = issued.Row.StatusAt(time.GetUtcNow()),
            issued.Row.Scopes,
            issued.Row.Services,
            issued.Row.CreatedAt,
            issued.Row.ExpiresAt,
            key = issued.Text,
        });
    }

    private static async Task<IResult> ListAsync(
        ApiKeyStore store, TimeProvider time, CancellationToken cancellationToken, string? limit = null, string? cursor = null)
    {
        var most = PageLimit.Read(limit);
        var rows = await store.ListAsync(most, cursor is null ? null : Id(cursor), cancellationToken);
        return Results.Ok(new { items = rows.Select(row => Show(row, time)), limit = most, nextCursor = rows.Count == most ? rows[^1].Id : null });
    }

    private static async Task<IResult> GetAsync(string id, ApiKeyStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var (key, secrets) = await store.GetAsync(Id(id), cancellationToken) ?? throw ApiErrors.KeyNotFound();
        return Results.Ok(new { key = Show(key, time), secrets = secrets.Select(secret => new { secret.CreatedAt, secret.ExpiresAt }) });
    }

    private static async Task<IResult> RotateAsync(string id, HttpContext context, ApiKeyLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength > 0;
        var request = hasBody ? await JsonBody.ReadAsync<RotateApiKeyRequest>(context.Request) : new RotateApiKeyRequest();
        var issued = await lifecycle.RotateAsync(Id(id), request.Overlap(), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new { issued.Row.Id, issued.Row.Name, key = issued.Text, previousExpiresAt = issued.PreviousExpiresAt });
    }

    private static async Task<IResult> RevokeAsync(string id, ApiKeyLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var revoked = await lifecycle.RevokeAsync(Id(id), cancellationToken);
        return Results.Ok(new { revoked.Id, revoked.Name, status = ApiKeyStatus.Revoked });
    }

    private static string Id(string text) => ApiKeyText.IsId(text) ? text : throw ApiErrors.KeyNotFound();

    private static object Show(ApiKeyRow row, TimeProvider time) => new
    {
        row.Id,
        row.Name,
        status = row.StatusAt(time.GetUtcNow()),
        row.Scopes,
        row.Services,
        row.CreatedAt,
        row.CreatedBy,
        row.ExpiresAt,
        row.RevokedAt,
        row.LastUsedAt,
        row.Revision,
    };
}
