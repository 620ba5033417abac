using System.Globalization;
using Cache.Core.Administration;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http.HttpResults;
using TenantManager.Api.Errors;
using TenantManager.Api.Pods;
using TenantManager.Api.Security;

namespace TenantManager.Api.CacheAdministration;

/// <summary><c>/cache</c>: what the caches hold, by numbers and by keys. Values are shown by nothing here.</summary>
internal static class CacheApi
{
    private const int LargestPage = 1000;
    private const int UsualPage = 100;

    public static void AddCacheAdministration(this IServiceCollection services)
    {
        services.AddSingleton<DeletionStore>();
        services.AddSingleton<Deletions>();
        services.AddHostedService(provider => provider.GetRequiredService<Deletions>());
    }

    public static void MapCacheAdministration(this WebApplication app)
    {
        var cache = app.MapGroup("/cache").WithTags("Cache").RequireAdministrator();
        cache.MapGet("/", ShowAsync).WithName("showCache").WithSummary("Shows what the tiers hold, by service, summed, and for each primary of Valkey.");
        cache.MapGet("/keys", ListAsync).WithName("listCacheKeys").WithSummary("Lists keys in Valkey by pattern, page by page over every primary; fences and leases are not listed.");
        cache.MapDelete("/keys/{key}", DeleteAsync).WithName("deleteCacheKey").WithSummary("Deletes a key from both tiers: what a fetch under way answers is not kept.");
        cache.MapDelete("/pattern", BeginAsync).WithName("deleteCachePattern").WithSummary("Begins to delete what matches a pattern on every primary, so many keys a second.");
        cache.MapGet("/deletions/{id}", FindAsync).WithName("getCacheDeletion").WithSummary("Shows how far a deletion by pattern is.");
        cache.MapDelete("/deletions/{id}", CancelAsync).WithName("cancelCacheDeletion").WithSummary("Ends a deletion by pattern before its next step.");
    }

    private static async Task<Ok<CacheOverview>> ShowAsync(ICacheClient client, PodRoster roster, CancellationToken cancellationToken)
    {
        var primaries = await client.StatisticsAsync(cancellationToken);
        var pods = await roster.ReadAsync(cancellationToken);
        return TypedResults.Ok(new CacheOverview(primaries, PodGroup.ByService(pods), PodGroup.Of(service: null, pods)));
    }

    private static async Task<Ok<CacheKeyPage>> ListAsync(
        ICacheClient client, HttpContext context, CancellationToken cancellationToken, string? pattern = null, string? limit = null, string? cursor = null)
    {
        var most = limit is null ? UsualPage : Number("limit", limit, LargestPage);
        try
        {
            var page = await client.ScanPageAsync(KeyPattern.Read("pattern", pattern ?? "*"), most, cursor, cancellationToken);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(new CacheKeyPage([.. page.Keys.Where(key => !CacheKeys.IsGuard(key))], most, page.Next));
        }
        catch (KeyCursorException exception)
        {
            throw KeyPattern.Wrong("cursor", exception.Message);
        }
    }

    private static async Task<Ok<DeletedKey>> DeleteAsync(string key, Deletions deletions, CancellationToken cancellationToken)
    {
        // The server leaves this one as it was sent, or it would look like the next part of the path.
        var named = KeyPattern.Read("key", key.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        return TypedResults.Ok(new DeletedKey(named, await deletions.DeleteAsync(named, cancellationToken)));
    }

    private static async Task<Accepted<DeletionState>> BeginAsync(
        Deletions deletions, CancellationToken cancellationToken, string? pattern = null, string? keysPerSecond = null, string? confirm = null)
    {
        var wanted = KeyPattern.Read("pattern", pattern);
        if (KeyPattern.NamesNothing(wanted) && confirm != "true")
            throw KeyPattern.Wrong("confirm", "must be 'true' for a pattern that names nothing, such as '*': it empties the cache of every service");
        var rate = keysPerSecond is null ? DeletionPace.Default : Number("keysPerSecond", keysPerSecond, DeletionPace.Fastest);
        var begun = await deletions.BeginAsync(wanted, rate, cancellationToken);
        return TypedResults.Accepted($"/cache/deletions/{begun.Id}", begun);
    }

    private static async Task<Ok<DeletionState>> FindAsync(string id, Deletions deletions, CancellationToken cancellationToken) =>
        TypedResults.Ok(await deletions.FindAsync(id, cancellationToken));

    private static async Task<Ok<DeletionState>> CancelAsync(string id, Deletions deletions, CancellationToken cancellationToken) =>
        TypedResults.Ok(await deletions.CancelAsync(id, cancellationToken));

    private static int Number(string name, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw KeyPattern.Wrong(name, $"must be 1 to {most}");
}
