namespace Cache.Core.Benchmarks.Ratios;

/// <summary>The second thread: does the same in small steps, until it is to rest.</summary>
internal sealed class Rival
{
    private const int Step = 100;
    private readonly Action<int> _run;
    private readonly Thread _thread;
    private long _done;
    private volatile bool _isStopped;
    private volatile bool _isResting = true;
    private volatile bool _rests;

    public Rival(Action<int> run)
    {
        _run = run;
        _thread = new Thread(Work) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many operations it has done.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Whether it is to rest.</summary>
    public bool IsResting
    {
        get => _isResting;
        set => _isResting = value;
    }

    /// <summary>Whether it rests.</summary>
    public bool Rests => _rests;

    public void Stop()
    {
        _isStopped = true;
        _thread.Join(TimeSpan.FromSeconds(5));
    }

    private void Work()
    {
        while (!_isStopped)
        {
            _rests = _isResting;
            if (_rests)
            {
                Thread.Yield();
                continue;
            }

            _run(Step);
            Volatile.Write(ref _done, _done + Step);
        }
    }
}
