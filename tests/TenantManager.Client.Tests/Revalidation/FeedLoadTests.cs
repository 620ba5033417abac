using System.Globalization;
using TenantManager.Client.Configuration;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>
/// What 500 pods with 2 000 connected tenants each ask of the tenant-manager, counted by the pods' own schedules over a simulated
/// day: before the feed, and with it.
/// </summary>
public sealed class FeedLoadTests(ITestOutputHelper output)
{
    private const int Pods = 500;
    private const int TenantsPerPod = 2000;

    /// <summary>Evenly over the day: a suspension, a rotation or new limits of some tenant.</summary>
    private const int ChangesPerDay = 1000;

    /// <summary>What the tenant-manager and the network take.</summary>
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TenantManagerClientOptions Options = new();

    [Fact]
    public void Load_OfTheTenantManager_IsUnder50RequestsASecond()
    {
        var before = Before();
        var idle = WithFeed([]);
        var busy = WithFeed([.. Enumerable.Range(1, ChangesPerDay).Select(n => Day * n / (ChangesPerDay + 1))]);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"requests/s of {Pods} pods with {TenantsPerPod:N0} tenants each, interval {Options.RevalidationInterval.TotalSeconds:0} s"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-34} {"feed",8} {"lists",8} {"net",8} {"changed",8} {"all",10}"));
        Print("before", new Load(0, 0, before, 0));
        Print("with the feed, nothing changes", idle);
        Print(string.Create(CultureInfo.InvariantCulture, $"with the feed, {ChangesPerDay:N0} changes a day"), busy);

        Assert.InRange(before, 33_000, 34_000);
        Assert.InRange(idle.All, 1, 50);
        Assert.InRange(busy.All, 1, 50);
    }

    /// <summary>Every pod loses the feed at the same moment: what is asked while it catches up, and from then on.</summary>
    [Fact]
    public void Load_WhenTheFeedFails_IsNotMuchMoreThanBefore()
    {
        var interval = Options.RevalidationInterval;
        var perSecond = new int[60];
        var tenants = Tenants();
        for (var pod = 0; pod < Pods; pod++)
        {
            var turns = new RevalidationTurns(interval, Options.SlowRevalidationInterval);
            turns.Between(tenants, 9.9, 10, isCovered: true, known: 9.9);

            // It is noticed at the next question, which comes a little more than half an interval after everything was known.
            var from = 10.0;
            for (var look = 1; from < 12; look++)
            {
                var to = 10 + (look / 32.0);
                foreach (var (_, due) in turns.Between(tenants, from, to, isCovered: false, known: 9.45))
                    perSecond[Math.Min(59, (int)(((from - 10) * interval.TotalSeconds) + due.TotalSeconds))]++;
                from = to;
            }
        }

        for (var second = 0; second < 40; second++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{second,3} s after the loss: {perSecond[second],8:N0} requests/s"));
        var usual = Pods * TenantsPerPod / interval.TotalSeconds;
        Assert.InRange(perSecond.Take(17).Max(), 0, 2.5 * usual);
        Assert.InRange(perSecond.Skip(18).Take(40).Max(), 0, 1.3 * usual);

        // Everybody has been asked about before an interval has gone since everything was known.
        Assert.InRange(perSecond.Take(16).Sum(), Pods * TenantsPerPod * 0.95, double.MaxValue);
    }

    private static double Before()
    {
        var tenants = Tenants();
        var asked = 0;
        const int Intervals = 3;
        for (var pod = 0; pod < Pods; pod++)
        {
            var turns = new RevalidationTurns(Options.RevalidationInterval, Options.SlowRevalidationInterval);
            for (var begin = 0; begin < Intervals; begin++)
                asked += turns.Between(tenants, begin, begin + 1, isCovered: false, known: null).Count;
        }

        return asked / (Intervals * Options.RevalidationInterval.TotalSeconds);
    }

    private static Load WithFeed(List<TimeSpan> changes)
    {
        var draws = new Random(1);
        var (asks, lists, net, changed) = (0L, 0L, 0L, 0L);
        var tenants = Tenants();
        for (var pod = 0; pod < Pods; pod++)
        {
            var (podAsks, podLists, podChanged) = Follow(changes, draws);
            (asks, lists, changed) = (asks + podAsks, lists + podLists, changed + podChanged);
            var turns = new RevalidationTurns(Options.RevalidationInterval, Options.SlowRevalidationInterval);

            // The other turns look at the caches: FeedTests show that they ask nothing.
            net += turns.Slow(tenants, 0, Day / Options.RevalidationInterval).Count;
        }

        return new Load(asks / Day.TotalSeconds, lists / Day.TotalSeconds, net / Day.TotalSeconds, changed / Day.TotalSeconds);
    }

    /// <summary>A pod's day with the feed, from one of its questions to the next.</summary>
    private static (long Asks, long Lists, long Changed) Follow(List<TimeSpan> changes, Random draws)
    {
        var time = new FakeTimeProvider();
        var began = time.GetTimestamp();
        var pace = new FeedPace(Options.RevalidationInterval);
        var coverage = new FeedCoverage(pace, time);
        var (asks, lists, next) = (0L, 0L, 0);
        var comparedAt = TimeSpan.Zero;
        var untilCompared = TimeSpan.Zero;
        time.Advance(Options.RevalidationInterval * draws.NextDouble()); // pods do not start together
        while (time.GetElapsedTime(began) is var asked && asked < Day)
        {
            Assert.True(asks == 0 || coverage.IsCovering, "The pod does not rely on the feed.");
            var wait = pace.WaitFor(coverage.Known);
            if (asked - comparedAt >= untilCompared)
            {
                lists += ((TenantsPerPod + ChangeFeed.LongestPage - 1) / ChangeFeed.LongestPage) - 1; // the first page is the question itself
                (comparedAt, untilCompared) = (asked, pace.UntilCompared(draws.NextDouble()));
                wait = TimeSpan.Zero;
            }

            asks++;

            // Each of the changes is of a tenant of this pod.
            var answered = next < changes.Count && changes[next] < asked + wait ? Max(changes[next], asked) : asked + wait;
            time.Advance(answered - asked + Latency);
            while (next < changes.Count && changes[next] <= answered)
                next++;
            coverage.Answered(time.GetTimestamp() - (long)(Latency.TotalSeconds * time.TimestampFrequency));
            time.Advance(pace.AfterAnswer(time.GetElapsedTime(began) - asked));
        }

        return (asks, lists, next);
    }

    private void Print(string what, Load load) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-34} {load.Feed,8:0.0} {load.Lists,8:0.0} {load.Net,8:N1} {load.Changed,8:0.0} {load.All,10:N1}"));

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static List<TenantId> Tenants() =>
        [.. Enumerable.Range(0, TenantsPerPod).Select(n => TenantId.Parse(string.Create(CultureInfo.InvariantCulture, $"tenant-{n}")))];

    private sealed record Load(double Feed, double Lists, double Net, double Changed)
    {
        public double All => Feed + Lists + Net + Changed;
    }
}
