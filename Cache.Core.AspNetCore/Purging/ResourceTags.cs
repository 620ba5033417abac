using System.Security.Cryptography;
using System.Text;

namespace Cache.Core.AspNetCore.Purging;

/// <summary>
/// The tags that every entry carries by its key, so that it can be purged without being searched for: its target, the directories that it
/// lies in, and its partition.
/// </summary>
/// <remarks>
/// Targets and directories are told apart by 12 bits of a hash: however many there are, the tags are few, and a purge takes about one of
/// 4096 others with it, which costs a fetch.
/// </remarks>
internal static class ResourceTags
{
    /// <summary>The most directories below a host's own that are told apart.</summary>
    public const int MostDirectories = 8;

    private const int Buckets = 4096;

    /// <summary>Of a resource's key, or a variant's.</summary>
    public static IReadOnlyList<string> Of(string key)
    {
        var bar = key.IndexOf('|', StringComparison.Ordinal);
        var scheme = bar < 0 ? -1 : key.IndexOf("://", bar, StringComparison.Ordinal);
        if (scheme < 0)
            return [];
        var isVariant = key.StartsWith("v:", StringComparison.Ordinal);
        var end = isVariant ? key.LastIndexOf(' ') : key.Length;
        var target = key.AsSpan((scheme + 3)..(end < 0 ? key.Length : end));
        List<string> tags = new(MostDirectories + 3) { Target(target) };
        var depth = 0;
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        for (var n = 0; n < path.Length && depth <= MostDirectories; n++)
        {
            if (path[n] == '/')
                tags.Add(Directory(path[..(n + 1)], depth++));
        }

        var from = key.IndexOf("r:", StringComparison.Ordinal) + 2;
        if (bar > from)
            tags.Add(Partition(key[from..bar]));
        return tags;
    }

    /// <summary>Of one target: host, path and query.</summary>
    public static string Target(ReadOnlySpan<char> target) => $"u:{Bucket(target):x3}";

    /// <summary>Of what lies below a host and path that ends with a slash, so many directories deep.</summary>
    public static string Directory(ReadOnlySpan<char> path, int depth) => $"p{depth}:{Bucket(path):x3}";

    public static string Partition(string partition) => "t:" + partition;

    private static int Bucket(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return ((hash[0] << 8) | hash[1]) % Buckets;
    }
}
