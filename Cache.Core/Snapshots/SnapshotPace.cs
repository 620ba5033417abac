using System.Threading.Channels;

namespace Cache.Core.Snapshots;

/// <summary>Says when it is time to write: an interval after a change, so that changes are written together; a revocation within a second.</summary>
/// <remarks>Safe for concurrent use; being told costs no more than a flag.</remarks>
internal sealed class SnapshotPace(TimeSpan interval, TimeProvider time)
{
    /// <summary>No two writes follow each other sooner, whatever happens.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _changes = NewFlag();
    private readonly Channel<bool> _revocations = NewFlag();
    private long? _last;

    public void Changed(bool isRevocation)
    {
        if (isRevocation)
            _revocations.Writer.TryWrite(true);
        _changes.Writer.TryWrite(true);
    }

    /// <summary>Waits until there is something to write and it is time to.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        await _changes.Reader.WaitToReadAsync(stop).ConfigureAwait(false);
        using (var ending = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            var gathering = Task.Delay(interval, time, ending.Token);
            var revoked = _revocations.Reader.WaitToReadAsync(ending.Token).AsTask();
            await Task.WhenAny(gathering, revoked).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        if (_last is { } last && time.GetElapsedTime(last) is var since && since < Shortest)
            await Task.Delay(Shortest - since, time, stop).ConfigureAwait(false);
        _last = time.GetTimestamp();
        _revocations.Reader.TryRead(out _);
        _changes.Reader.TryRead(out _);
    }

    private static Channel<bool> NewFlag() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
