namespace Cache.Core.Diagnostics;

/// <summary>Counts of what happens on the hit path, a cell per thread: counting is one plain addition to memory of one's own.</summary>
/// <remarks>A cell's thread alone writes it. Cells of threads that have ended are added up and dropped.</remarks>
internal sealed class LookupCounts
{
    private const int FewestBeforeTidying = 64;

    [ThreadStatic]
    private static LookupCell? _mine;

    private readonly Lock _lock = new();
    private readonly List<LookupCell> _cells = [];
    private LookupTotals _ended;
    private int _tidyAt = FewestBeforeTidying;

    private LookupCounts()
    {
    }

    /// <summary>The process's counts. One only: the cells are static.</summary>
    public static LookupCounts Shared { get; } = new();

    /// <summary>This thread's cell.</summary>
    public static LookupCell Mine => _mine ?? Shared.Open();

    /// <summary>The sums over all threads, a moment old at most.</summary>
    public LookupTotals Read()
    {
        lock (_lock)
        {
            Tidy();
            var sum = _ended;
            foreach (var cell in _cells)
                sum += cell.Totals;
            return sum;
        }
    }

    private LookupCell Open()
    {
        var cell = new LookupCell(Thread.CurrentThread);
        lock (_lock)
        {
            if (_cells.Count >= _tidyAt)
            {
                Tidy();
                _tidyAt = Math.Max(FewestBeforeTidying, _cells.Count * 2);
            }

            _cells.Add(cell);
        }

        return _mine = cell;
    }

    private void Tidy() => _cells.RemoveAll(cell =>
    {
        if (cell.IsLive)
            return false;
        _ended += cell.Totals;
        return true;
    });
}
