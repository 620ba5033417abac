namespace Cache.Core.AspNetCore.Store;

/// <summary>
/// What lies under a key: a response; or that responses vary, and by what; or that what comes here cannot be shared, so that nobody
/// need wait for another's answer.
/// </summary>
internal sealed class StoredEntry
{
    private StoredEntry(StoredResponse? response, VariantIndex? variants) => (Response, Variants) = (response, variants);

    /// <summary>Hit-for-miss.</summary>
    public static StoredEntry Unshared { get; } = new(null, null);

    public StoredResponse? Response { get; }

    public VariantIndex? Variants { get; }

    public bool IsUnshared => Response is null && Variants is null;

    public static StoredEntry Of(StoredResponse response) => new(response, null);

    public static StoredEntry Of(VariantIndex variants) => new(null, variants);
}
