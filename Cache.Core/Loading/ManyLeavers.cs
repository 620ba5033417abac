using System.Diagnostics.CodeAnalysis;

namespace Cache.Core.Loading;

/// <summary>Ends a call of the source when nobody waits for any of its answers, and not all have been given.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer or wait handle holds nothing, and a late leaver may still cancel it.")]
internal sealed class ManyLeavers(int count)
{
    private readonly CancellationTokenSource _cancellation = new();
    private int _count = count;
    private volatile bool _isUnanswered;

    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>One has gone without an answer, or with it.</summary>
    public void Leave(bool isAnswered)
    {
        if (!isAnswered)
            _isUnanswered = true;
        if (Interlocked.Decrement(ref _count) == 0 && _isUnanswered)
            _cancellation.Cancel();
    }
}
