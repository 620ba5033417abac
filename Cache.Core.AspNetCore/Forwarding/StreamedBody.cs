namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>
/// A body on its way from the origin, which any number of requests follow from its beginning, each at its own pace. As long as it is to be
/// stored it is kept, up to a bound; otherwise only what the slowest of them has not read yet, and the origin waits for that one.
/// </summary>
/// <remarks>Safe for concurrent use; one writer.</remarks>
internal sealed class StreamedBody
{
    private const int SmallestPiece = 4 * 1024;
    private const int LargestPiece = 256 * 1024;
    private const int Window = 512 * 1024;

    private readonly Lock _gate = new();
    private readonly long _limit;
    private readonly List<byte[]> _pieces = [];
    private readonly List<BodyReader> _readers = [];
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _room;
    private long _firstOffset;
    private int _lastUsed;
    private long _length;
    private long? _expected;
    private bool _isKept = true;
    private Exception? _fault;
    private bool _isComplete;

    public StreamedBody(long limit) => _limit = limit;

    /// <summary>Ends when all has come: whether it came whole.</summary>
    public Task<bool> Ended => _ended.Task;

    /// <summary>Called once when nobody reads it any more and it is not kept either.</summary>
    public Action? Abandoned { get; set; }

    public long Length
    {
        get
        {
            lock (_gate)
                return _length;
        }
    }

    /// <summary>Whether all of it is still there.</summary>
    public bool IsKept
    {
        get
        {
            lock (_gate)
                return _isKept;
        }
    }

    /// <summary>Told by <c>Content-Length</c>; pieces are made to measure then.</summary>
    public void Expect(long? length) => _expected = length;

    /// <summary>Follows it from the beginning; null when that is gone, or the end is known to be.</summary>
    public BodyReader? Follow()
    {
        lock (_gate)
        {
            if (_firstOffset > 0 || _fault is not null)
                return null;
            BodyReader reader = new(this);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Keeps it no longer than its readers need it.</summary>
    public void StopKeeping()
    {
        Action? abandoned;
        lock (_gate)
        {
            if (!_isKept)
                return;
            _isKept = false;
            Trim();
            abandoned = AbandonedNow();
        }

        abandoned?.Invoke();
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Grown too long to be kept when nobody reads it any more: it need not come to its end.
        Append(bytes.Span)?.Invoke();
        while (NeedsRoom(out var room))
            await room.WaitAsync(cancellationToken);
    }

    /// <summary>All has come; with a fault when it broke off.</summary>
    public void Complete(Exception? fault = null)
    {
        lock (_gate)
        {
            if (_isComplete)
                return;
            if (fault is null && _expected is { } expected && expected != _length)
                fault = new IOException($"The body ended after {_length} of {expected} bytes.");
            (_isComplete, _fault) = (true, fault);
            Changed();
        }

        _ended.TrySetResult(fault is null);
    }

    /// <summary>The pieces of a body that has come whole and was kept; the last one is cut to its size.</summary>
    public List<byte[]> TakePieces()
    {
        lock (_gate)
        {
            if (!_isKept || !_isComplete)
                throw new InvalidOperationException("The body is not there as a whole.");
            List<byte[]> pieces = [.. _pieces];
            if (pieces.Count > 0 && _lastUsed < pieces[^1].Length)
                pieces[^1] = pieces[^1].AsSpan(0, _lastUsed).ToArray();
            return pieces;
        }
    }

    /// <summary>What can be read at a position; empty at the end. Otherwise the task to wait for.</summary>
    internal (ReadOnlyMemory<byte> Bytes, Task? Wait) Read(long position)
    {
        lock (_gate)
        {
            if (position >= _length)
            {
                if (!_isComplete)
                    return (default, (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
                return _fault is null ? default : throw new IOException("The origin's answer broke off.", _fault);
            }

            var offset = _firstOffset;
            for (var n = 0; n < _pieces.Count; n++)
            {
                var used = n == _pieces.Count - 1 ? _lastUsed : _pieces[n].Length;
                if (position < offset + used)
                    return (_pieces[n].AsMemory((int)(position - offset), (int)(offset + used - position)), null);
                offset += used;
            }

            throw new InvalidOperationException("The body has been trimmed behind a reader.");
        }
    }

    internal void Advanced()
    {
        lock (_gate)
        {
            if (!_isKept)
                Trim();
        }
    }

    internal void Unfollow(BodyReader reader)
    {
        Action? abandoned;
        lock (_gate)
        {
            _readers.Remove(reader);
            if (!_isKept)
                Trim();
            abandoned = AbandonedNow();
        }

        abandoned?.Invoke();
    }

    private Action? Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isKept && _length + bytes.Length > _limit)
                _isKept = false;
            while (!bytes.IsEmpty)
            {
                if (_pieces.Count == 0 || _lastUsed == _pieces[^1].Length)
                {
                    _pieces.Add(new byte[NextPiece(bytes.Length)]);
                    _lastUsed = 0;
                }

                var taken = Math.Min(bytes.Length, _pieces[^1].Length - _lastUsed);
                bytes[..taken].CopyTo(_pieces[^1].AsSpan(_lastUsed));
                _lastUsed += taken;
                _length += taken;
                bytes = bytes[taken..];
            }

            if (!_isKept)
                Trim();
            Changed();
            return AbandonedNow();
        }
    }

    private int NextPiece(int atLeast) => _expected is { } expected && expected > _length
        ? (int)Math.Min(LargestPiece, expected - _length)
        : Math.Clamp(Math.Max(atLeast, _pieces.Count == 0 ? 0 : _pieces[^1].Length * 2), SmallestPiece, LargestPiece);

    private bool NeedsRoom(out Task room)
    {
        lock (_gate)
        {
            var isNeeded = !_isKept && _readers.Count > 0 && _length - Slowest() > Window;
            room = isNeeded ? (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
            return isNeeded;
        }
    }

    private long Slowest() => _readers.Count == 0 ? _length : _readers.Min(static reader => reader.Position);

    private void Trim()
    {
        var slowest = Slowest();
        while (_pieces.Count > 1 && _firstOffset + _pieces[0].Length <= slowest)
        {
            _firstOffset += _pieces[0].Length;
            _pieces.RemoveAt(0);
        }

        if (_length - slowest <= Window)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }

    private void Changed()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private Action? AbandonedNow()
    {
        if (_isKept || _readers.Count > 0 || _isComplete)
            return null;
        var abandoned = Abandoned;
        Abandoned = null;
        return abandoned;
    }
}
