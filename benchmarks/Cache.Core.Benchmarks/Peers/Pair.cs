using System.Diagnostics;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>The calling thread, and a second one when two are asked for.</summary>
internal sealed class Pair : IDisposable
{
    private readonly Barrier? _together;
    private Action<int> _work = static _ => { };
    private volatile bool _isOver;

    public Pair(int threads)
    {
        if (threads == 1)
            return;
        _together = new Barrier(threads);
        for (var n = 1; n < threads; n++)
        {
            var member = n;
            new Thread(() => Follow(member)) { IsBackground = true }.Start();
        }
    }

    /// <summary>Lets each thread do its part at the same time.</summary>
    /// <returns>How long it took until the last one was done, in nanoseconds.</returns>
    public double Run(Action<int> work)
    {
        _work = work;
        _together?.SignalAndWait();
        var began = Stopwatch.GetTimestamp();
        work(0);
        _together?.SignalAndWait();
        return Stopwatch.GetElapsedTime(began).TotalNanoseconds;
    }

    public void Dispose()
    {
        _isOver = true;
        _together?.SignalAndWait();
    }

    private void Follow(int member)
    {
        while (true)
        {
            _together!.SignalAndWait();
            if (_isOver)
                return;
            _work(member);
            _together.SignalAndWait();
        }
    }
}
