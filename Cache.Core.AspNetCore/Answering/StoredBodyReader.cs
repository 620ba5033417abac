using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Answering;

/// <summary>Reads a run of a stored body, piece by piece; of long ones no more than the next piece is held.</summary>
internal sealed class StoredBodyReader(ResponseStore store, StoredBody body, long from, long until) : IDisposable
{
    private readonly Queue<Slice> _ahead = new();
    private IEnumerator<Run>? _runs;
    private bool _isMissing;

    /// <summary>Looks up the pieces of the beginning; false when one is gone.</summary>
    public async ValueTask<bool> LookUpAsync(long most, CancellationToken cancellationToken)
    {
        if (until == from)
            return true;
        _runs = Runs().GetEnumerator();
        var looked = 0L;
        while (looked < most && await NextAsync(cancellationToken) is { } slice)
        {
            _ahead.Enqueue(slice);
            looked += slice.Length;
        }

        return !_isMissing;
    }

    /// <summary>Sends what was looked up, and the rest. When a piece of the rest is gone the connection is: the head has promised more.</summary>
    public async ValueTask SendAsync(HttpContext context)
    {
        var target = context.Response.BodyWriter;
        while (true)
        {
            if (!_ahead.TryDequeue(out var slice))
            {
                if (await NextAsync(context.RequestAborted) is not { } next)
                    break;
                slice = next;
            }

            var sent = await target.WriteAsync(slice.Piece.AsMemory(slice.Start, slice.Length), context.RequestAborted);
            if (sent.IsCompleted)
                return;
        }

        if (_isMissing)
            context.Abort();
    }

    public void Dispose() => _runs?.Dispose();

    private async ValueTask<Slice?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isMissing || !_runs!.MoveNext())
            return null;
        var run = _runs.Current;
        var piece = store.FindPieceInL1(run.Key) ?? await store.FindPieceAsync(run.Key, cancellationToken);
        if (piece is not null && piece.Length >= run.Start + run.Length)
            return new Slice(piece, run.Start, run.Length);
        _isMissing = true;
        return null;
    }

    private IEnumerable<Run> Runs()
    {
        var position = from;
        foreach (var part in body.Parts)
        {
            var offset = part.Offset;
            for (var n = 0; n < part.Lengths.Length && position < until; n++)
            {
                var end = offset + part.Lengths[n];
                if (position >= offset && position < end)
                {
                    var length = Math.Min(end, until) - position;
                    yield return new Run(part.Keys[n], (int)(position - offset), (int)length);
                    position += length;
                }

                offset = end;
            }
        }
    }

    private readonly record struct Run(string Key, int Start, int Length);

    private readonly record struct Slice(byte[] Piece, int Start, int Length);
}
