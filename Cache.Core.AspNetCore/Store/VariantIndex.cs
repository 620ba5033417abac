namespace Cache.Core.AspNetCore.Store;

/// <summary>By what a resource's responses vary. Its variants lie under keys of their own and count only with its epoch: what removes it removes them all. Immutable.</summary>
/// <param name="Epoch">Unique; a resource that was invalidated and stored anew has another.</param>
/// <param name="Fields">The request's fields, in lower case, sorted.</param>
/// <param name="Languages">Keys of variants by <c>Content-Language</c>, where <c>Accept-Language</c> alone selects.</param>
internal sealed record VariantIndex(string Epoch, string[] Fields, KeyValuePair<string, string>[] Languages)
{
    public const int MostFields = 16;
    public const int MostLanguages = 32;

    public static string NewEpoch() => Guid.NewGuid().ToString("N");

    /// <summary>Whether a response that varies by these fields can be one of its variants.</summary>
    public bool Takes(IEnumerable<string> fields) => fields.All(field => Array.BinarySearch(Fields, field, StringComparer.Ordinal) >= 0);
}
