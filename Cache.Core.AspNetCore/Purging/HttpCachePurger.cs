using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Purging;

/// <summary>
/// Removes stored answers from every process that shares the cache. A purge wins against fetches that are under way: what they bring is
/// not stored, and no request that comes after the purge is answered by one that began before it.
/// </summary>
/// <remarks>
/// Nothing is searched for: entries carry tags, and a purge changes a tag's epoch. Where Valkey is away, this process purges at once and
/// the others when it is back. Each can be narrowed to one partition, such as a tenant.
/// </remarks>
public sealed class HttpCachePurger
{
    private readonly ResponseStore _store;

    internal HttpCachePurger(ResponseStore store) => _store = store;

    /// <summary>Removes the answers of one target, over <c>http</c> and <c>https</c>, in all their variants and partitions.</summary>
    /// <param name="url">Scheme, host, path and query as they are requested.</param>
    /// <param name="partition">The only partition; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is not an absolute <c>http</c> or <c>https</c> address.</exception>
    public ValueTask PurgeUrlAsync(Uri url, string? partition = null, CancellationToken cancellationToken = default) =>
        RemoveAsync(ResourceTags.Target(CacheKey.Target(Checked(url, nameof(url)), withQuery: true)), partition, cancellationToken);

    /// <summary>Removes the answers of all targets that begin so.</summary>
    /// <param name="prefix">Host and path; ends with a slash, has no query, and at most eight directories.</param>
    /// <param name="partition">The only partition; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is no such prefix.</exception>
    public ValueTask PurgePrefixAsync(Uri prefix, string? partition = null, CancellationToken cancellationToken = default)
    {
        var target = CacheKey.Target(Checked(prefix, nameof(prefix)), withQuery: false);
        var depth = target.Count(static letter => letter == '/') - 1;
        if (!target.EndsWith('/') || prefix.Query.Length > 0)
            throw new ArgumentException("A prefix ends with '/', where its last directory ends, and has no query.", nameof(prefix));
        return depth <= ResourceTags.MostDirectories
            ? RemoveAsync(ResourceTags.Directory(target, depth), partition, cancellationToken)
            : throw new ArgumentException($"A prefix has at most {ResourceTags.MostDirectories} directories; purge a shorter one.", nameof(prefix));
    }

    /// <summary>Removes the answers that carry a key in <c>Surrogate-Key</c> or <c>Cache-Tag</c>.</summary>
    /// <param name="tag">The key.</param>
    /// <param name="partition">The only partition; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public ValueTask PurgeTagAsync(string tag, string? partition = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return tag.Length <= SurrogateKeys.Longest
            ? RemoveAsync(SurrogateKeys.Tag(tag), partition, cancellationToken)
            : throw new ArgumentException($"A tag has at most {SurrogateKeys.Longest} characters: no answer that has a longer one is stored.", nameof(tag));
    }

    /// <summary>Removes everything of a partition, such as a tenant.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public ValueTask PurgePartitionAsync(string partition, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(partition);
        return _store.PurgeAsync([ResourceTags.Partition(partition)], cancellationToken);
    }

    private ValueTask RemoveAsync(string tag, string? partition, CancellationToken cancellationToken) =>
        _store.PurgeAsync(string.IsNullOrEmpty(partition) ? [tag] : [tag, ResourceTags.Partition(partition)], cancellationToken);

    private static Uri Checked(Uri url, string name)
    {
        ArgumentNullException.ThrowIfNull(url, name);
        return url.IsAbsoluteUri && url.Scheme is "http" or "https" ? url : throw new ArgumentException("An address has a scheme, http or https, and a host.", name);
    }
}
