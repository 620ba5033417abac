namespace Cache.Core.Valkey.Ring;

/// <summary>
/// Carries changes of a key that outdate what was there: to the node that has the key, and to every other one that anybody may read
/// it on, now or after the next change of the ring.
/// </summary>
/// <remarks>
/// An earlier outage may have left a copy on another node, and a process that has not heard of a change yet may still look where the
/// key was. A node that is out and not reached is left out: it is emptied before anybody uses it.
/// </remarks>
internal sealed class RingChanges(RingNodes nodes)
{
    private const int MostAttempts = 4;

    /// <summary>Changes the key where it is, and elsewhere if that has taken effect.</summary>
    /// <param name="key">The key.</param>
    /// <param name="change">The change on its node.</param>
    /// <param name="isDone">Whether it has taken effect.</param>
    /// <param name="elsewhere">The change on the others.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CacheUnavailableException">One of them cannot answer: it may or may not have taken effect, on each.</exception>
    public async ValueTask<T> ChangeAsync<T>(
        string key, Func<RingMember, ValueTask<T>> change, Func<T, bool> isDone, Func<RingMember, ValueTask> elsewhere, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var member = await nodes.FindAsync(key, cancellationToken).ConfigureAwait(false);
            var result = await change(member).ConfigureAwait(false);
            if (!isDone(result))
                return result;
            await TellAsync(member.Bit, elsewhere).ConfigureAwait(false);
            if (nodes.Find(key) == member)
                return result;
        }

        throw new CacheUnavailableException("The ring's nodes change all the time.");
    }

    /// <summary>Tells every node, also those that come to be told meanwhile.</summary>
    private async Task TellAsync(ulong told, Func<RingMember, ValueTask> elsewhere)
    {
        while ((nodes.View.Told & ~told) is > 0 and var missing)
        {
            await Task.WhenAll(nodes.Of(missing).Select(member => elsewhere(member).AsTask())).ConfigureAwait(false);
            told |= missing;
        }
    }
}
