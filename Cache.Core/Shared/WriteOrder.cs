namespace Cache.Core.Shared;

/// <summary>
/// Puts this process's writes and invalidations of a key in L2 one after another: a write that was checked before an
/// invalidation also lands before it, so the invalidation's delete takes it away (NoResurrection).
/// </summary>
/// <remarks>Striped. Every turn is bounded by the time limits of the L2 client.</remarks>
internal sealed class WriteOrder
{
    private const int Stripes = 256;
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the key's turn; disposing the result ends it.</summary>
    public async ValueTask<Turn> TakeAsync(string key, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Stripes];
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
