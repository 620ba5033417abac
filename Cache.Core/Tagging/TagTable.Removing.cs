using Cache.Core.Fencing;

namespace Cache.Core.Tagging;

/// <summary>Removing by tags: here at once, in L2 as soon as it takes it.</summary>
internal sealed partial class TagTable
{
    /// <summary>Removes what carries the tag, everywhere. While L2 is away, here at once and elsewhere when it is back.</summary>
    public async ValueTask RemoveAsync(string tag, CancellationToken cancellationToken)
    {
        var isTold = await TellAsync(cancellationToken).ConfigureAwait(false);
        var state = StateOf(tag);
        var epoch = FenceToken.New();
        state.Change(epoch);
        if (_records is null)
            return;
        var isWritten = await _records.WriteAsync(tag, epoch, cancellationToken).ConfigureAwait(false);
        if (!isTold || !isWritten)
            _ = KeepWritingAsync(state, isWritten ? FenceToken.New() : epoch);

        // Again: somebody may have read the old token before it changed and learned it after.
        state.Change(epoch);
    }

    /// <summary>
    /// Removes what carries all of the tags, two or more, everywhere. While L2 is away, here at once, with whatever else carries the first
    /// of them, and elsewhere when it is back.
    /// </summary>
    public async ValueTask RemoveTogetherAsync(IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var isTold = await TellAsync(cancellationToken).ConfigureAwait(false);
        if (_records is null)
        {
            var state = tags.Select(StateOf).MinBy(static state => state.Present?.Removals ?? 0)!;
            state.RemoveTogether(tags.Where(other => other != state.Name));
            return;
        }

        var removed = await _records.RemoveTogetherAsync(tags, cancellationToken).ConfigureAwait(false);
        if (removed is var (tag, epoch))
            StateOf(tag).Change(epoch);
        else
            StateOf(tags[0]).Change(TagEpoch.New());
        if (!isTold || removed is null)
            _ = KeepRemovingAsync(StateOf(removed?.Tag ?? tags[0]), tags, removed is null);
    }

    /// <summary>Before a tag is removed: whoever stamps an answer after that with the tag's new epoch finds this changed.</summary>
    private async ValueTask<bool> TellAsync(CancellationToken cancellationToken)
    {
        var token = FenceToken.New();
        _removals.Change(token);
        return _records is null || await _records.WriteAsync(_removals.Name, token, cancellationToken).ConfigureAwait(false);
    }

    private Task KeepWritingAsync(TagState state, string epoch) => KeepTryingAsync(
        state,
        async () => await TellAsync(CancellationToken.None).ConfigureAwait(false) && await _records!.WriteAsync(state.Name, epoch, CancellationToken.None).ConfigureAwait(false));

    private async Task KeepRemovingAsync(TagState state, IReadOnlyList<string> tags, bool isOwed)
    {
        await KeepTryingAsync(
            isOwed ? state : null,
            async () => await TellAsync(CancellationToken.None).ConfigureAwait(false)
                && await _records!.RemoveTogetherAsync(tags, CancellationToken.None).ConfigureAwait(false) is var (tag, epoch)
                && Took(tag, epoch)).ConfigureAwait(false);

        bool Took(string tag, TagEpoch epoch)
        {
            StateOf(tag).Change(epoch);
            return true;
        }
    }

    /// <summary>Tries until L2 has taken it. Meanwhile nothing is learned of the tag from there.</summary>
    private async Task KeepTryingAsync(TagState? state, Func<Task<bool>> attempt)
    {
        state?.Owe();
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                return;
        }
        while (!await attempt().ConfigureAwait(false));
        state?.Settle();
    }
}
