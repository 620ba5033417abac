using System.Buffers;
using System.Text.RegularExpressions;
using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Freshness;
using Cache.Core.AspNetCore.Purging;
using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Keys of resources, and what is stored under them.</summary>
internal static partial class HttpTargets
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly StoredEntrySerializer Serializer = new();

    /// <summary>Lines: host, path, query, what an answer names in <c>Location</c>, a partition. Only hosts that the server lets through.</summary>
    public static void Key(byte[] input)
    {
        var lines = Bytes.Lines(input, 5);
        if (!AcceptedHost().IsMatch(lines[0]))
            return;
        var request = new DefaultHttpContext().Request;
        request.Scheme = "https";
        request.Headers.Host = lines[0];
        request.Path = "/" + lines[1];
        request.QueryString = lines[2].Length == 0 ? default : new QueryString("?" + lines[2]);
        var partition = lines[4].Length == 0 ? null : lines[4];
        AmbiguousPath.Is(request.Path);
        var sibling = CacheKey.Sibling(request, partition, lines[3]);
        if (CacheKey.Of(request, partition) is not { } key)
            return;
        Finding.Unless(key.StartsWith($"r:{partition}|https://", StringComparison.Ordinal), "a key names its partition");
        Finding.Unless(sibling is null || sibling[..key.IndexOf('/', key.IndexOf("//", StringComparison.Ordinal) + 2)] == key[..key.IndexOf('/', key.IndexOf("//", StringComparison.Ordinal) + 2)], "a sibling is of the same partition and origin");
        var tags = ResourceTags.Of(key);
        var variant = VariantKey.Of(key, ["accept"], request.Headers);
        Finding.Unless(tags.Count > 0 && tags.SequenceEqual(ResourceTags.Of(variant)), "a variant is purged with its resource");
        Finding.Unless(partition is null || tags.Contains(ResourceTags.Partition(partition)), "a partition is purged with all that is in it");
    }

    /// <summary>A stored response, or an index of variants.</summary>
    public static void Stored(byte[] input)
    {
        StoredEntry entry;
        try
        {
            entry = Serializer.Deserialize(new ReadOnlySequence<byte>(input));
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException or OverflowException or InvalidDataException)
        {
            // The envelope about it takes whatever it throws for a miss.
            return;
        }

        var written = Written(entry);
        Finding.Unless(written.AsSpan().SequenceEqual(Written(Serializer.Deserialize(new ReadOnlySequence<byte>(written)))), "an entry is read as it was written");
        if (entry.Response is not { } stored)
            return;

        // What is done with one that was read.
        var asked = RequestDirectives.Of(new HeaderDictionary { ["Cache-Control"] = "max-age=100, min-fresh=10, max-stale=1000" });
        ReuseRule.Of(stored, asked, Now);
        ReuseRule.Of(stored, default, Now);
        ReuseRule.IsServedOnError(stored, asked, Now);
        SurrogateKeys.AreTooMany(SurrogateKeys.Of(stored.Fields));
        Finding.Unless(stored.Body.Weight >= 0 && stored.Body.Beginning() >= 0, "a body is not shorter than nothing");
        Finding.Unless(!stored.Body.IsComplete || stored.Body.Beginning() >= stored.Body.CompleteLength, "a complete body has all of its bytes");
    }

    private static byte[] Written(StoredEntry entry)
    {
        var target = new ArrayBufferWriter<byte>();
        Serializer.Serialize(entry, target);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>What Kestrel takes for a host.</summary>
    [GeneratedRegex(@"^([A-Za-z0-9!$&'()\-._~]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AcceptedHost();
}
