namespace Cache.Core.AspNetCore.Store;

/// <summary>Adds languages to a resource's <see cref="VariantIndex"/>, under its fence: one that was invalidated meanwhile stays invalidated.</summary>
internal sealed class LanguageIndex(ResponseStore store, HttpCacheOptions options)
{
    public async ValueTask AddAsync(string resource, string epoch, string language, string key) =>
        await store.FetchAloneAsync(resource, (Index: this, resource, epoch, language, key), static async (added, stop) =>
            await added.Index.WithAsync(added.resource, added.epoch, added.language, added.key, stop));

    private async ValueTask<FetchResult<StoredEntry>> WithAsync(string resource, string epoch, string language, string key, CancellationToken stop)
    {
        var present = (await store.FindInL2Async(resource, stop) ?? store.FindInL1(resource))?.Variants;
        if (present is null || present.Epoch != epoch || present.Languages.Length >= VariantIndex.MostLanguages)
            return FetchResult<StoredEntry>.Found(StoredEntry.Unshared, options: ResponseStore.LeavingStored);
        var entry = StoredEntry.Of(present with { Languages = [.. present.Languages.Where(one => one.Key != language), new(language, key)] });
        return FetchResult<StoredEntry>.Found(entry, options: store.Terms(entry, options.LongestKept));
    }
}
