using System.Buffers;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Answering;

/// <summary>Reads a run of a stored body, piece by piece; of long ones no more than the next piece is held.</summary>
internal sealed class StoredBodyReader(ResponseStore store, StoredBody body, long from, long until) : IDisposable
{
    private const int UsuallyAhead = 16;

    private Slice[] _ahead = [];
    private int _looked;
    private int _sent;
    private long _position = from;
    private long _offset;
    private int _part;
    private int _piece;
    private bool _isMissing;

    /// <summary>Looks up the pieces of the beginning; false when one is gone.</summary>
    public async ValueTask<bool> LookUpAsync(long most, CancellationToken cancellationToken)
    {
        if (_position == until)
            return true;
        var looked = 0L;
        while (looked < most && await NextAsync(cancellationToken) is { } slice)
        {
            if (_looked == _ahead.Length)
                Widen();
            _ahead[_looked++] = slice;
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
            Slice slice;
            if (_sent < _looked)
                slice = _ahead[_sent++];
            else if (await NextAsync(context.RequestAborted) is { } next)
                slice = next;
            else
                break;

            var sent = await target.WriteAsync(slice.Piece.AsMemory(slice.Start, slice.Length), context.RequestAborted);
            if (sent.IsCompleted)
                return;
        }

        if (_isMissing)
            context.Abort();
    }

    public void Dispose()
    {
        if (_ahead.Length > 0)
            ArrayPool<Slice>.Shared.Return(_ahead, clearArray: true);
        _ahead = [];
    }

    private ValueTask<Slice?> NextAsync(CancellationToken cancellationToken)
    {
        if (_isMissing || !TryMove(out var run))
            return default;
        return store.FindPieceInL1(run.Key) is { } piece ? new ValueTask<Slice?>(Of(run, piece)) : LookFurtherAsync(run, cancellationToken);
    }

    private async ValueTask<Slice?> LookFurtherAsync(Run run, CancellationToken cancellationToken) => Of(run, await store.FindPieceAsync(run.Key, cancellationToken));

    private Slice? Of(Run run, byte[]? piece)
    {
        if (piece is not null && piece.Length >= run.Start + run.Length)
            return new Slice(piece, run.Start, run.Length);
        _isMissing = true;
        return null;
    }

    /// <summary>Goes on to the next run of bytes within one piece.</summary>
    private bool TryMove(out Run run)
    {
        for (; _part < body.Parts.Count; _part++, _piece = 0)
        {
            var part = body.Parts[_part];
            if (_piece == 0)
                _offset = part.Offset;
            while (_piece < part.Lengths.Length && _position < until)
            {
                var (piece, start) = (_piece++, _offset);
                _offset += part.Lengths[piece];
                if (_position < start || _position >= _offset)
                    continue;
                var length = Math.Min(_offset, until) - _position;
                run = new Run(part.Keys[piece], (int)(_position - start), (int)length);
                _position += length;
                return true;
            }
        }

        run = default;
        return false;
    }

    private void Widen()
    {
        var wider = ArrayPool<Slice>.Shared.Rent(Math.Max(UsuallyAhead, _looked * 2));
        _ahead.CopyTo(wider, 0);
        if (_ahead.Length > 0)
            ArrayPool<Slice>.Shared.Return(_ahead, clearArray: true);
        _ahead = wider;
    }

    private readonly record struct Run(string Key, int Start, int Length);

    private readonly record struct Slice(byte[] Piece, int Start, int Length);
}
