using System.Globalization;
using Cache.Core.Benchmarks.Ratios;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.LocalServers;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>Ours and other people's caches, each beside the same baseline in turns, in one run: a line a measurement, and a table at the end.</summary>
internal static class PeersProgram
{
    private const string L2Hits = "l2-hits";

    /// <summary>So many look-ups of each peer: few rounds of many keys, many of few.</summary>
    private const int LookUps = 2_500_000;
    private const int FewestRounds = 15, MostRounds = 101;
    private const int L2Operations = 500, L2Rounds = 25;

    private static readonly (string Name, Func<int, Peer> Create)[] Peers =
    [
        ("cache-core", static capacity => new TieredPeer(capacity)),
        ("through-hybridcache", HybridPeer.Ours),
        ("hybridcache-undispatched", static capacity => new UndispatchedPeer(capacity)),
        ("bitfaster", static capacity => new BitFasterPeer(capacity)),
        ("memory-cache", static _ => new MemoryCachePeer()),
        ("microsoft", HybridPeer.Microsoft),
        ("fusioncache", static _ => new FusionCachePeer()),
    ];

    private static readonly (string Name, Func<string, Task<L2Peer>> Open)[] L2Peers =
    [
        ("cache-core", L2Peer.OursAsync),
        ("through-hybridcache", L2Peer.OursThroughHybridAsync),
        ("microsoft", L2Peer.MicrosoftAsync),
        ("fusioncache", L2Peer.FusionCacheAsync),
    ];

    public static IEnumerable<string> RowNames => [.. PeerRow.All.Select(row => row.Name), L2Hits];

    public static IEnumerable<string> PeerNames => Peers.Select(peer => peer.Name);

    /// <summary>Measures the rows whose names begin as asked for, or all, of the peers that are named, or all.</summary>
    public static async Task RunAsync(IReadOnlyList<string> beginnings, IReadOnlyList<string> names, Terminal terminal, CancellationToken stop)
    {
        bool IsWanted(string name) => beginnings.Count == 0 || beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));
        var peers = Peers.Where(peer => names.Count == 0 || names.Contains(peer.Name, StringComparer.Ordinal)).ToArray();
        var rows = PeerRow.All.Where(row => IsWanted(row.Name)).ToArray();
        var table = FigureTable.Of("over the baseline", [.. peers.Select(peer => peer.Name), "baseline", "command"]);
        await terminal.ProgressAsync("peers", rows.Length * peers.Length, async progress =>
        {
            foreach (var same in rows.GroupBy(row => (row.Keys, row.Order)))
            {
                var results = same.ToDictionary(row => row, _ => new List<PeerResult>());
                using (var baseline = await PeerScene.FillAsync(new DictionaryPeer(), same.Key.Keys, same.Key.Order))
                {
                    foreach (var (name, create) in peers)
                    {
                        using var scene = await PeerScene.FillAsync(create(same.Key.Keys * 2), same.Key.Keys, same.Key.Order);
                        foreach (var row in same)
                        {
                            progress.Description = $"{row.Name} {name}";
                            results[row].Add(Print(terminal, row.Name, name, await MeasureAsync(row, scene, baseline, stop)));
                            progress.Increment(1);
                        }
                    }
                }

                foreach (var row in same)
                    Add(table, row.Name, results[row], peers.Length, row.Kind == PeerKind.Bytes ? "B" : "ns", row.Command);
                GC.Collect();
            }

            return true;
        });
        if (IsWanted(L2Hits))
            await MeasureL2Async(table, peers, terminal, stop);
        terminal.Write(table);
    }

    private static async Task<Comparison> MeasureAsync(PeerRow row, PeerScene subject, PeerScene baseline, CancellationToken stop)
    {
        if (row.Kind == PeerKind.Bytes)
            return new Comparison(subject.BytesPerEntry / baseline.BytesPerEntry, new Sample(subject.BytesPerEntry, 0), new Sample(baseline.BytesPerEntry, 0));
        await subject.WarmAsync(row.Kind, stop);
        await baseline.WarmAsync(row.Kind, stop);
        var rounds = Math.Clamp(LookUps / subject.PerRound, FewestRounds, MostRounds);
        var samples = new List<(Sample Subject, Sample Baseline)>();
        using var threads = new Pair(row.Threads);
        for (var round = 0; round < rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            samples.Add(row.Kind == PeerKind.Hits
                ? (subject.Hit(threads, row.Threads), baseline.Hit(threads, row.Threads))
                : (await subject.RoundAsync(row.Kind, row.Keys / 2), await baseline.RoundAsync(row.Kind, row.Keys / 2)));
        }

        return Interleaved.Summarize(samples);
    }

    private static async Task MeasureL2Async(Table table, (string Name, Func<int, Peer> Create)[] peers, Terminal terminal, CancellationToken stop)
    {
        var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: stop)).Require();
        await using var server = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = "benchmark" }, stop);
        await using var baseline = await L2Peer.PlainAsync(server.ConnectionString);
        var results = new List<PeerResult>();
        foreach (var (name, open) in L2Peers.Where(peer => peers.Any(wanted => wanted.Name == peer.Name)))
        {
            await using var peer = await open(server.ConnectionString);
            results.Add(Print(terminal, L2Hits, name, await Interleaved.CompareAsync(peer.HitAsync, baseline.HitAsync, L2Operations, L2Rounds, stop)));
        }

        var inOrder = peers.Select(peer => results.Find(result => result.Name == peer.Name)).ToList();
        Add(table, L2Hits, inOrder, peers.Length, "ns", $"--peers {L2Hits}");
    }

    private static PeerResult Print(Terminal terminal, string row, string name, Comparison measured)
    {
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"peer {row} {name} {measured.Ratio:0.00} {measured.Subject.Nanoseconds:0.0} {measured.Baseline.Nanoseconds:0.0} {measured.Subject.Bytes:0}"));
        return new PeerResult(name, measured);
    }

    private static void Add(Table table, string row, IReadOnlyList<PeerResult?> results, int columns, string unit, string command)
    {
        string[] figures = [.. results.Select(result => result is null ? "-" : result.Measured.Ratio.ToString("0.00", CultureInfo.InvariantCulture))];
        var baseline = Interleaved.Median(results.OfType<PeerResult>().Select(result => result.Measured.Baseline.Nanoseconds));
        table.Add(row, [.. figures, .. Enumerable.Repeat("-", columns - figures.Length), string.Create(CultureInfo.InvariantCulture, $"{baseline:0} {unit}"), command]);
    }
}
