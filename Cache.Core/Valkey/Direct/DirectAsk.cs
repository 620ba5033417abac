using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey.Direct;

/// <summary>One request on its way, complete when the last of its replies has come. Its caller may leave: the replies are still taken.</summary>
internal sealed class DirectAsk(int length, int replies) : TaskCompletionSource<RespValue[]>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly RespValue[] _replies = new RespValue[replies];
    private int _taken;

    /// <summary>The request's bytes.</summary>
    public int Length => length;

    /// <summary>Takes a reply; true with the last one. Called by the reading side only.</summary>
    public bool Take(RespValue reply)
    {
        _replies[_taken++] = reply;
        return _taken == _replies.Length;
    }

    public void Answer() => TrySetResult(_replies);

    public void Fail(Exception exception)
    {
        TrySetException(exception);
        _ = Task.Exception; // observed here: the caller may have gone
    }
}
