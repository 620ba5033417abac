using System.Diagnostics;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Throughput of two threads over that of one, on the same key: what hits share, they must not write.</summary>
/// <remarks>Needs two free processors: with a busy neighbour the second thread measures the neighbour.</remarks>
internal static class TwoThreadRatio
{
    private const int Operations = 400_000;
    private const int Rounds = 101;

    public static void Print()
    {
        using var scene = new HitScene();
        var other = new Rival(scene.L1Hit);
        try
        {
            for (var warm = 0; warm < 20; warm++)
                Both(scene.L1Hit, other);
            var ratios = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var one = Stopwatch.StartNew();
                scene.L1Hit(Operations);
                var alone = one.Elapsed;
                ratios.Add(2 * alone.TotalSeconds / Both(scene.L1Hit, other).TotalSeconds);
            }

            Report.Ratio("l1-hit-2-threads/l1-hit", Interleaved.Median(ratios), 0);
            Report.Note($"best {ratios.Max():0.00}, worst {ratios.Min():0.00}; {Environment.ProcessorCount} processors");
        }
        finally
        {
            other.Stop();
        }
    }

    /// <summary>How long it takes until both have done their operations.</summary>
    private static TimeSpan Both(Action<int> run, Rival other)
    {
        other.Ready();
        var clock = Stopwatch.StartNew();
        other.Go(Operations);
        run(Operations);
        other.Wait();
        return clock.Elapsed;
    }

    /// <summary>The second thread; it spins for its start, as waking it up would take longer than a round's share.</summary>
    private sealed class Rival
    {
        private readonly Action<int> _run;
        private readonly Thread _thread;
        private volatile int _state; // 0 resting, 1 ready asked, 2 ready, 3 done, -1 stop; above 10: operations to do

        public Rival(Action<int> run)
        {
            _run = run;
            _thread = new Thread(Work) { IsBackground = true };
            _thread.Start();
        }

        public void Ready() => Exchange(1, 2);

        public void Go(int operations) => _state = operations;

        public void Wait()
        {
            while (_state != 3)
                Thread.SpinWait(5);
            _state = 0;
        }

        public void Stop()
        {
            _state = -1;
            _thread.Join(TimeSpan.FromSeconds(5));
        }

        private void Exchange(int set, int awaited)
        {
            _state = set;
            while (_state != awaited)
                Thread.SpinWait(5);
        }

        private void Work()
        {
            while (true)
            {
                var state = _state;
                if (state < 0)
                    return;
                if (state == 1)
                    _state = 2;
                else if (state > 10)
                {
                    _run(state);
                    _state = 3;
                }
                else if (state == 0)
                    Thread.Yield();
                else
                    Thread.SpinWait(5);
            }
        }
    }
}
