using Cache.Core;
using Cache.Core.Loading;
using Cache.Core.Tiered;
using Microsoft.Coyote.Specifications;
using Microsoft.Coyote.SystematicTesting;

namespace TenantPlatform.Interleavings;

/// <summary>Single flight: who shares a load, and who must not.</summary>
public static class FlightScenarios
{
    private const string Key = "k";
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>OneFetch: three callers at once, and never two loads at once.</summary>
    [Test]
    public static async Task OneFetch()
    {
        var rig = new Rig();
        var answers = await Task.WhenAll(new[] { Task.Run(() => rig.AskAsync()), Task.Run(() => rig.AskAsync()), Task.Run(() => rig.AskAsync()) });
        Specification.Assert(rig.MostAtOnce == 1, "two loads of one key run at once");
        Specification.Assert(Array.TrueForAll(answers, static answer => answer == "0"), "a caller has another answer than the source's");
    }

    /// <summary>NoResurrection: who asks after an invalidation has returned is not answered by a load that began before it.</summary>
    [Test]
    public static async Task NoResurrection()
    {
        var rig = new Rig();
        var before = Task.Run(() => rig.AskAsync());
        var other = Task.Run(() => rig.AskAsync());
        var after = Task.Run(async () =>
        {
            rig.Change();
            return await rig.AskAsync();
        });
        await Task.WhenAll(new[] { before, other, after });
        Specification.Assert(await after == "1", "a call after an invalidation is answered from before it");
    }

    /// <summary>A caller that leaves takes nobody's answer along.</summary>
    [Test]
    public static async Task Leaving()
    {
        var rig = new Rig();
        using var leaving = new CancellationTokenSource();
        var leaver = Task.Run(async () =>
        {
            try
            {
                await rig.AskAsync(leaving.Token);
            }
            catch (OperationCanceledException)
            {
                // It has left.
            }
        });
        var cancel = Task.Run(leaving.Cancel);
        var staying = Task.Run(() => rig.AskAsync());
        await Task.WhenAll(new[] { leaver, cancel, staying });
        Specification.Assert(await staying == "0", "a caller that stays has no answer");
    }

    private sealed class Rig
    {
        private readonly FlightTable _flights = new(Lease);
        private readonly Tier _tier = new();
        private int _version;
        private int _loading;
        private int _mostAtOnce;

        public int MostAtOnce => _mostAtOnce;

        public async Task<string?> AskAsync(CancellationToken cancellationToken = default)
        {
            var lookup = await _flights.JoinAsync(Key, CacheSteps.None, _tier.L1, this, static (rig, _, stop) => rig.LoadAsync(stop), static () => { }, cancellationToken);
            return lookup.Value;
        }

        public void Change()
        {
            Interlocked.Increment(ref _version);
            _tier.L1.Invalidate(Key);
            _flights.Detach(Key);
        }

        private async Task<CacheLookup<string>> LoadAsync(CancellationToken stop)
        {
            _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _loading));
            var read = Volatile.Read(ref _version);
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            Interlocked.Decrement(ref _loading);
            return new CacheLookup<string>(FetchResult<string>.Found($"{read}"), CacheSource.Fetch);
        }
    }
}
