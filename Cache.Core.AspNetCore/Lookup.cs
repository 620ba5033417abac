using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore;

/// <summary>What was found for a request: under which key its answer lies or would lie, and the answer if there is one.</summary>
internal readonly record struct Lookup(string Key, StoredResponse? Response, VariantIndex? Variants, bool IsUnshared)
{
    /// <summary>Looks in L1, and where that has something it is not sure of, in L2.</summary>
    public static async ValueTask<Lookup> FindAsync(ResponseStore store, CacheRequest request, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(store, request.Key, cancellationToken);
        if (entry is { IsUnshared: true })
            return new Lookup(request.Key, null, null, IsUnshared: true);
        if (entry is not null && !IsToldApart(entry, request.Policy))
        {
            // Stored before the policy was what it is: everything of the resource begins anew.
            await store.InvalidateAsync(request.Key, CancellationToken.None);
            entry = null;
        }

        if (entry?.Response is { } response)
            return new Lookup(request.Key, response, null, IsUnshared: false);
        if ((entry?.Variants ?? request.Told) is not { } variants)
            return new Lookup(request.Key, null, null, IsUnshared: false);
        var key = VariantKey.Of(request.Key, variants.Fields, request.Headers);
        if (await VariantAsync(store, key, variants, cancellationToken) is { } variant)
            return variant;

        // Not in this form; maybe in the language that is liked best.
        return VariantKey.ByLanguage(variants, request.Headers) is { } similar && await VariantAsync(store, similar, variants, cancellationToken) is { Response: not null } spoken
            ? spoken
            : new Lookup(key, null, variants, IsUnshared: false);
    }

    private static bool IsToldApart(StoredEntry entry, HttpCachePolicy policy) => policy.KeyHeaders.Count == 0 || entry.Variants?.Takes(policy.KeyHeaders) == true;

    private static async ValueTask<Lookup?> VariantAsync(ResponseStore store, string key, VariantIndex variants, CancellationToken cancellationToken) =>
        await FindAsync(store, key, cancellationToken) switch
        {
            { IsUnshared: true } => new Lookup(key, null, variants, IsUnshared: true),
            { Response: { } response } when response.Epoch == variants.Epoch => new Lookup(key, response, variants, IsUnshared: false),
            _ => null,
        };

    private static ValueTask<StoredEntry?> FindAsync(ResponseStore store, string key, CancellationToken cancellationToken)
    {
        if (store.FindInL1(key) is { } entry)
            return new ValueTask<StoredEntry?>(entry);
        return store.HasUnproven(key) ? Slow(store, key, cancellationToken) : default;

        static async ValueTask<StoredEntry?> Slow(ResponseStore store, string key, CancellationToken cancellationToken) => (await store.FindAsync(key, cancellationToken)).Entry;
    }
}
