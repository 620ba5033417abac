using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
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
        keys.MapPost("/", CreateAsync).Accepts<CreateApiKeyRequest>("application/json").WithName("createApiKey").WithSummary("Creates a key; its text is in this answer and nowhere else.");
        keys.MapGet("/", ListAsync).WithName("listApiKeys").WithSummary("Lists keys, by id.");
        keys.MapGet("/{id}", GetAsync).WithName("getApiKey").WithSummary("Shows a key.");
        keys.MapPost("/{id}/rotate", RotateAsync).Accepts<RotateApiKeyRequest>(isOptional: true, "application/json").WithName("rotateApiKey").WithSummary("Gives a key a new text; the previous one is accepted for a while.");
        keys.MapDelete("/{id}", RevokeAsync).WithName("revokeApiKey").WithSummary("Revokes a key: every instance refuses it from now on.");
    }

    private static async Task<Created<CreatedApiKey>> CreateAsync(HttpContext context, ApiKeyLifecycle lifecycle, TimeProvider time, CancellationToken cancellationToken)
    {
        var issued = await lifecycle.CreateAsync(await JsonBody.ReadAsync<CreateApiKeyRequest>(context.Request), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        var row = issued.Row;
        return TypedResults.Created(
            $"/v1/api-keys/{row.Id}",
            new CreatedApiKey(row.Id, row.Name, row.StatusAt(time.GetUtcNow()), row.Scopes, row.Services, row.CreatedAt, row.ExpiresAt, issued.Text));
    }

    private static async Task<Ok<Page<ApiKeyView>>> ListAsync(
        ApiKeyStore store, TimeProvider time, CancellationToken cancellationToken, string? limit = null, string? cursor = null)
    {
        var most = PageLimit.Read(limit);
        var rows = await store.ListAsync(most, cursor is null ? null : Id(cursor), cancellationToken);
        return TypedResults.Ok(new Page<ApiKeyView>([.. rows.Select(row => ApiKeyView.Of(row, time))], most, rows.Count == most ? rows[^1].Id : null));
    }

    private static async Task<Ok<ApiKeyDetails>> GetAsync(string id, ApiKeyStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var (key, secrets) = await store.GetAsync(Id(id), cancellationToken) ?? throw ApiErrors.KeyNotFound();
        return TypedResults.Ok(new ApiKeyDetails(ApiKeyView.Of(key, time), [.. secrets.Select(secret => new ApiKeySecretView(secret.CreatedAt, secret.ExpiresAt))]));
    }

    private static async Task<Ok<RotatedApiKey>> RotateAsync(string id, HttpContext context, ApiKeyLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? context.Request.ContentLength > 0;
        var request = hasBody ? await JsonBody.ReadAsync<RotateApiKeyRequest>(context.Request) : new RotateApiKeyRequest();
        var issued = await lifecycle.RotateAsync(Id(id), request.Overlap(), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new RotatedApiKey(issued.Row.Id, issued.Row.Name, issued.Text, issued.PreviousExpiresAt));
    }

    private static async Task<Ok<RevokedApiKey>> RevokeAsync(string id, ApiKeyLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var revoked = await lifecycle.RevokeAsync(Id(id), cancellationToken);
        return TypedResults.Ok(new RevokedApiKey(revoked.Id, revoked.Name, ApiKeyStatus.Revoked));
    }

    private static string Id(string text) => ApiKeyText.IsId(text) ? text : throw ApiErrors.KeyNotFound();
}
