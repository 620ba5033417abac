namespace Cache.Core.Loading;

/// <summary>A key that the source is to be asked for together with others.</summary>
/// <param name="key">The key.</param>
/// <param name="place">Where it stands among the call's keys.</param>
/// <param name="asking">The load that waits for it; null of a refresh.</param>
internal sealed class ManyWant<T>(string key, int place, Asking? asking)
{
    private const int Joined = 1, Left = 2;
    private readonly TaskCompletionSource<Task<FetchResult<T>>> _asked = new();
    private ManyLeavers? _leavers;
    private int _state;

    public string Key => key;

    public int Place => place;

    public Asking? Asking => asking;

    /// <summary>Waits until the source is asked, and has answered this key.</summary>
    public async Task<FetchResult<T>> AnswerAsync()
    {
        try
        {
            return await (await _asked.Task.ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            Leave(isAnswered: true);
        }
    }

    /// <summary>The source is asked.</summary>
    public void Join(ManyLeavers leavers, Task<FetchResult<T>> answer)
    {
        Volatile.Write(ref _leavers, leavers);
        if (Interlocked.CompareExchange(ref _state, Joined, 0) == Left)
            leavers.Leave(isAnswered: false);
        _asked.TrySetResult(answer);
    }

    /// <summary>Whoever wanted it waits no longer.</summary>
    public void Leave() => Leave(isAnswered: false);

    private void Leave(bool isAnswered)
    {
        if (Interlocked.Exchange(ref _state, Left) == Joined)
            Volatile.Read(ref _leavers)!.Leave(isAnswered);
    }
}
