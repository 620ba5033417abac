using System.Text;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Shared;
using Cache.Core.Valkey;

namespace Cache.Core.Tagging;

/// <summary>The tags' epochs in L2. Nothing here throws because L2 is away: it answers null or false.</summary>
/// <remarks>Under <c>P~tag~T</c> for the tag <c>T</c> of a cache with prefix <c>P</c>. Under <c>P~tag~</c>, which is nobody's: what every removal changes.</remarks>
internal sealed class TagRecords(ICacheClient client, string prefix, TimeSpan life, SharedCalls calls, ICoherence coherence)
{
    private const int MostAttempts = 8;

    /// <summary>What is stored of a tag: an empty text when there is nothing, null while L2 is away.</summary>
    public async ValueTask<string?> ReadAsync(string tag, CancellationToken cancellationToken)
    {
        var found = await calls.RunAsync(
            "tag",
            (client, Key: prefix + tag),
            static async (call, stop) => (Token: await call.client.GetAsync(call.Key, stop).ConfigureAwait(false), true),
            cancellationToken).ConfigureAwait(false);
        return found is not { } read ? null : read.Token is null ? string.Empty : Encoding.UTF8.GetString(read.Token);
    }

    /// <summary>As <see cref="ReadAsync"/>; a tag that is not there is made. Null while L2 is away.</summary>
    public async ValueTask<(string? Text, bool IsMade)> ReadOrMakeAsync(string tag, CancellationToken cancellationToken)
    {
        // Twice at most: it may be made by somebody else meanwhile.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await ReadAsync(tag, cancellationToken).ConfigureAwait(false) is not { } read)
                return default;
            if (read.Length > 0)
                return (read, false);
            var fresh = FenceToken.New();
            if (await TryMakeAsync(tag, fresh, cancellationToken).ConfigureAwait(false))
                return (fresh, true);
        }

        return default;
    }

    /// <summary>As <see cref="ReadOrMakeAsync"/> for a tag that is thought not to be there.</summary>
    public async ValueTask<(string? Text, bool IsMade)> MakeOrReadAsync(string tag, CancellationToken cancellationToken)
    {
        var fresh = FenceToken.New();
        return await TryMakeAsync(tag, fresh, cancellationToken).ConfigureAwait(false)
            ? (fresh, true)
            : await ReadOrMakeAsync(tag, cancellationToken).ConfigureAwait(false) is ({ Length: > 0 } text, _) ? (text, false) : default;
    }

    /// <summary>Lets a tag live on; each time is a change that every process hears of.</summary>
    public async ValueTask RenewAsync(string tag, CancellationToken cancellationToken) =>
        await calls.RunAsync(
            "tag", (client, Key: prefix + tag, life), static (call, stop) => call.client.ExpireAsync(call.Key, call.life, stop), cancellationToken).ConfigureAwait(false);

    /// <summary>Writes an epoch, whatever there was.</summary>
    public async ValueTask<bool> WriteAsync(string tag, string epoch, CancellationToken cancellationToken)
    {
        var written = await calls.RunAsync(
            "tag",
            (client, Key: prefix + tag, Token: Encoding.UTF8.GetBytes(epoch), life),
            static async (call, stop) =>
            {
                await call.client.SetAsync(call.Key, call.Token, call.life, stop).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false) is not null;
        if (written)
            await coherence.AnnounceAsync(prefix + tag, cancellationToken).ConfigureAwait(false);
        return written;
    }

    /// <summary>Notes that what carries all of these tags is removed, at the one of them that remembers least.</summary>
    /// <returns>The tag and its epoch from now on; null while L2 is away, or when others write there all the time.</returns>
    public async ValueTask<(string Tag, TagEpoch Epoch)?> RemoveTogetherAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var (tag, present, fewest) = (tags[0], string.Empty, int.MaxValue);
            foreach (var one in tags)
            {
                if (await ReadAsync(one, cancellationToken).ConfigureAwait(false) is not { } read)
                    return null;
                var removals = read.Length == 0 ? -1 : TagEpoch.Parse(read).Removals;
                if (removals < fewest)
                    (tag, present, fewest) = (one, read, removals);
            }

            // Of a tag that is not there nothing is current: one that is made now is carried by nothing.
            var next = present.Length == 0 ? TagEpoch.New() : TagEpoch.Parse(present).WithRemoval(tags.Where(other => other != tag));
            var isDone = present.Length == 0
                ? await TryMakeAsync(tag, next.Text, cancellationToken).ConfigureAwait(false)
                : await TryReplaceAsync(tag, present, next.Text, cancellationToken).ConfigureAwait(false);
            if (!isDone)
                continue;
            await coherence.AnnounceAsync(prefix + tag, cancellationToken).ConfigureAwait(false);
            return (tag, next);
        }

        return null;
    }

    private async ValueTask<bool> TryMakeAsync(string tag, string epoch, CancellationToken cancellationToken) =>
        await calls.RunAsync(
            "tag",
            (client, Key: prefix + tag, Token: Encoding.UTF8.GetBytes(epoch), life),
            static (call, stop) => call.client.SetIfAbsentAsync(call.Key, call.Token, call.life, stop),
            cancellationToken).ConfigureAwait(false) == true;

    private async ValueTask<bool> TryReplaceAsync(string tag, string present, string epoch, CancellationToken cancellationToken) =>
        await calls.RunAsync(
            "tag",
            (client, Key: prefix + tag, Present: Encoding.UTF8.GetBytes(present), Token: Encoding.UTF8.GetBytes(epoch), life),
            static (call, stop) => call.client.SetIfEqualAsync(call.Key, call.Present, call.Token, call.life, stop),
            cancellationToken).ConfigureAwait(false) == true;
}
