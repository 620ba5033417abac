using Cache.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Configuration;
using TenantManager.Api.Errors;
using TenantManager.Api.Security;
using TenantManager.Api.TenantSettings;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Reference;

/// <summary><c>/v1/reference</c>.</summary>
internal static class ReferenceApi
{
    public static void AddReferenceData(this IServiceCollection services)
    {
        services.AddKeyedTieredCache(ReferenceSharedCache.ServiceKey, ReferenceSharedCache.Configure, ContractJson.Options);
        services.AddSingleton<ReferenceSharedCache>();
        services.AddSingleton<ReferenceStore>();
        services.AddSingleton<ReferenceEvents>();
        services.AddSingleton<ReferenceLifecycle>();
        services.AddSingleton<ReferencePublication>();
        services.AddHostedService(provider => provider.GetRequiredService<ReferencePublication>());
    }

    public static void MapReferenceData(this WebApplication app)
    {
        var reference = app.MapGroup("/v1/reference").WithTags("Reference data");
        reference.MapGet("/", ListAsync).WithName("listReferenceKinds").WithSummary("Lists the kinds of reference data.");
        reference.MapGet("/{kind}", GetAsync).WithName("getReferenceData").Produces<ReferenceSet>().Produces(StatusCodes.Status304NotModified)
            .WithSummary("Tells all entries of a kind, by code; its ETag is for 'If-None-Match'.");
        reference.MapGet("/{kind}/{code}", FindAsync).WithName("getReferenceEntry").WithSummary("Tells an entry; its ETag is for 'If-Match'.");

        var changes = reference.MapGroup(string.Empty).RequireAdministrator();
        changes.MapPut("/{kind}/{code}", PutAsync).Accepts<PutReferenceRequest>("application/json").WithName("putReferenceEntry").WithMetadata(new IfMatchMetadata())
            .WithSummary("Creates an entry or replaces it: every service reads it from now on.");
        changes.MapDelete("/{kind}/{code}", DeleteAsync).WithName("deleteReferenceEntry").WithMetadata(new IfMatchMetadata())
            .WithSummary("Deletes an entry. What services have stored of it stays.");
    }

    private static async Task<Ok<IReadOnlyList<ReferenceKindView>>> ListAsync(ReferenceStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(cancellationToken));

    private static async Task<IResult> GetAsync(
        string kind, HttpContext context, ReferenceStore store, ReferencePublication publication, CancellationToken cancellationToken)
    {
        var set = await store.GetAsync(ReferenceValidation.Kind(kind), cancellationToken);
        publication.LookSoon();
        Tag(context, set.Revision);
        return SettingsTag.IsKnown(context.Request, set.Revision) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(set);
    }

    private static async Task<Ok<ReferenceEntry>> FindAsync(string kind, string code, HttpContext context, ReferenceStore store, CancellationToken cancellationToken)
    {
        var known = ReferenceValidation.Kind(kind);
        return Show(context, await store.FindAsync(known, ReferenceValidation.Code(known, code), cancellationToken) ?? throw ApiErrors.ReferenceEntryNotFound());
    }

    private static async Task<Ok<ReferenceEntry>> PutAsync(string kind, string code, HttpContext context, ReferenceLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var known = ReferenceValidation.Kind(kind);
        var entry = ReferenceValidation.Entry(known, code, await JsonBody.ReadAsync<PutReferenceRequest>(context.Request));
        return Show(context, await lifecycle.PutAsync(known, entry, revision => Allows(context.Request, revision), cancellationToken));
    }

    private static async Task<Ok<DeletedReferenceEntry>> DeleteAsync(string kind, string code, HttpContext context, ReferenceLifecycle lifecycle, CancellationToken cancellationToken)
    {
        var known = ReferenceValidation.Kind(kind);
        return TypedResults.Ok(await lifecycle.DeleteAsync(known, ReferenceValidation.Code(known, code), revision => Allows(context.Request, revision), cancellationToken));
    }

    /// <summary>Whoever names what he has seen has seen something.</summary>
    private static bool Allows(HttpRequest request, long? revision) =>
        revision is { } present ? SettingsTag.Allows(request, present) : request.Headers.IfMatch.Count == 0;

    private static Ok<ReferenceEntry> Show(HttpContext context, ReferenceRow row)
    {
        Tag(context, row.Revision);
        return TypedResults.Ok(row.ToEntry());
    }

    private static void Tag(HttpContext context, long revision)
    {
        context.Response.GetTypedHeaders().ETag = SettingsTag.Of(revision);
        context.Response.Headers.CacheControl = "no-cache";
    }
}
