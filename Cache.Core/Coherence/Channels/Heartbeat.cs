namespace Cache.Core.Coherence.Channels;

/// <summary>One heartbeat on its way: complete when the last of its replies has come.</summary>
internal sealed class Heartbeat(long sentAt, int replies)
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awaited = replies;
    private bool _proves = true;

    public long SentAt => sentAt;

    public Task Answered => _answered.Task;

    /// <summary>Takes a reply; true with the last one, if all of them prove. Called by the reading side only.</summary>
    public bool Take(bool proves)
    {
        _proves &= proves;
        if (--_awaited > 0)
            return false;
        _answered.TrySetResult();
        return _proves;
    }
}
