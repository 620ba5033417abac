namespace TenantPlatform.Hosting.Dashboard.Console;

/// <summary>The newest lines of one resource. Not safe for concurrent use.</summary>
internal sealed class LineRing(int capacity)
{
    private ConsoleLine[] _lines = new ConsoleLine[64];
    private int _start;
    private int _count;

    public void Add(ConsoleLine line)
    {
        if (_count == _lines.Length && _count < capacity)
            Grow();
        if (_count < _lines.Length)
        {
            _lines[(_start + _count++) % _lines.Length] = line;
            return;
        }

        _lines[_start] = line;
        _start = (_start + 1) % _lines.Length;
    }

    /// <summary>The lines with a higher number, at most so many, the newest first.</summary>
    public IEnumerable<ConsoleLine> NewestFirst(long after, int limit)
    {
        for (var i = _count - 1; i >= 0 && limit > 0; i--, limit--)
        {
            var line = _lines[(_start + i) % _lines.Length];
            if (line.Id <= after)
                yield break;
            yield return line;
        }
    }

    // Only while nothing has been overwritten, so the lines lie in order.
    private void Grow() => Array.Resize(ref _lines, Math.Min(_lines.Length * 2, capacity));
}
