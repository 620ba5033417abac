namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>The cache's metrics during a drill: Valkey is away between the 90th and the 60th second before now.</summary>
internal static class DemoMetrics
{
    private static readonly string[] Pods = ["ledger-1", "ledger-2", "ledger-3", "crm-1"];

    private static readonly (string Name, string Unit, string Kind, string Description)[] Known =
    [
        ("cache.hits", "{hit}", "counter", "Lookups that a tier answered."), ("cache.misses", "{miss}", "counter", "Lookups that a tier could not answer."),
        ("cache.fetches", "{fetch}", "counter", "Calls to the source."), ("cache.fallbacks", "{fallback}", "counter", "Lookups served in spite of an ill tier."),
        ("cache.evictions", "{entry}", "counter", "Entries that made room."), ("cache.fills.rejected", "{fill}", "counter", "Fills that a fence refused."),
        ("cache.entries", "{entry}", "gauge", "Entries in L1."), ("cache.bytes", "By", "gauge", "Bytes in L1."),
        ("cache.coherence.lag", "s", "histogram", "Round trip of the coherence heartbeat."), ("cache.coherence.lost", "{loss}", "counter", "Times the channel was lost."),
        ("cache.fetch.duration", "s", "histogram", "Time of a fetch."), ("cache.stale.age", "s", "histogram", "Age of what was served stale."),
    ];

    public static IReadOnlyList<object> Instruments() =>
    [
        .. Pods.SelectMany(pod => Known.Select(one => (object)new { resource = pod, meter = "Cache.Core", name = one.Name, unit = one.Unit, description = one.Description, kind = one.Kind })),
        .. Pods.Append("tenant-manager").Append("gateway").SelectMany(one => (object[])
        [
            new { resource = one, meter = "Microsoft.AspNetCore.Hosting", name = "http.server.request.duration", unit = "s", description = "Duration of HTTP server requests.", kind = "histogram" },
            new { resource = one, meter = "System.Runtime", name = "dotnet.process.memory.working_set", unit = "By", description = "Memory of the process.", kind = "updowncounter" },
        ]),
    ];

    public static object Series(string name, string? resource, double minutes)
    {
        var (unit, kind) = name switch
        {
            "http.server.request.duration" => ("s", "histogram"),
            "dotnet.process.memory.working_set" => ("By", "updowncounter"),
            _ => Known.Where(one => one.Name == name).Select(one => (one.Unit, one.Kind)).FirstOrDefault(),
        };
        if (kind is null)
            return new { series = Array.Empty<object>() };
        var pods = Pods.Where(pod => resource is null || pod == resource);
        return new { unit, kind, total = 1, series = pods.SelectMany(pod => Tags(name).Select(tags => One(name, pod, tags, kind, minutes))).ToArray() };
    }

    private static Dictionary<string, object>[] Tags(string name) => name switch
    {
        "cache.hits" => [Tag("cache.tier", "l1", "cache.freshness", "fresh"), Tag("cache.tier", "l1", "cache.freshness", "stale"), Tag("cache.tier", "l2", "cache.freshness", "fresh")],
        "cache.misses" => [Tag("cache.tier", "l1"), Tag("cache.tier", "l2")],
        "cache.fetches" => [Tag("cache.outcome", "found"), Tag("cache.outcome", "error")],
        "cache.fallbacks" => [Tag("cache.reason", "valkey_get_fallback"), Tag("cache.reason", "valkey_set_fallback")],
        "cache.evictions" => [Tag("cache.reason", "capacity"), Tag("cache.reason", "expired")],
        "cache.fills.rejected" => [Tag("cache.reason", "epoch"), Tag("cache.reason", "fence")],
        _ => [[]],
    };

    private static Dictionary<string, object> Tag(params string[] pairs) =>
        pairs.Chunk(2).ToDictionary(pair => pair[0], pair => (object)pair[1]);

    private static object One(string name, string pod, Dictionary<string, object> tags, string kind, double minutes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 2000 * 2000;
        var seed = (Math.Abs(string.GetHashCode(pod, StringComparison.Ordinal)) % 97) / 97.0;
        var times = Enumerable.Range(0, Math.Min((int)(minutes * 30), 600)).Select(i => now - (i * 2000L)).Reverse().ToArray();
        var tag = string.Join(',', tags.Values);
        double At(long time) => Value(name, tag, (now - time) / 1000.0, time / 1000.0, seed + Array.IndexOf(Pods, pod));
        object[] Points(double scale) => [.. times.Select(time => (object)new object[] { time, Math.Round(At(time) * scale, 5) })];
        var sum = 0.0;
        return new
        {
            resource = pod,
            tags,
            points = kind == "histogram" ? Points(3000) : Points(1),
            totals = kind is "counter" ? times.Select(time => (object)new object[] { time, Math.Round(sum += At(time) * 2) }).ToArray() : null,
            p50 = kind == "histogram" ? Points(1) : null,
            p90 = kind == "histogram" ? Points(1.9) : null,
            p99 = kind == "histogram" ? Points(3.4) : null,
        };
    }

    private static double Value(string name, string tag, double age, double time, double shift)
    {
        var wave = 1 + (0.18 * Math.Sin((time / 23) + shift)) + (0.08 * Math.Sin((time / 3.1) + (shift * 5)));
        var isAway = age is > 60 and < 90;
        return (name, tag) switch
        {
            ("cache.hits", "l1,fresh") => (isAway ? 250 : 910) * wave,
            ("cache.hits", "l1,stale") => isAway ? 610 * wave : 0,
            ("cache.hits", "l2,fresh") => isAway ? 0 : (age is > 45 and < 60 ? 96 : 34) * wave,
            ("cache.misses", "l1") => (0.6 + (0.5 * shift)) * (isAway ? 40 : age is > 45 and < 60 ? 98 : 36) * wave,
            ("cache.misses", "l2") => (0.8 + (0.2 * shift)) * (isAway ? 14 : 1.6) * wave,
            ("cache.fetches", "found") => (isAway ? 12 : 1.5) * wave,
            ("cache.fetches", _) => isAway ? 0.8 * wave : 0,
            ("cache.fallbacks", "valkey_get_fallback") => isAway ? 32 * wave : 0,
            ("cache.fallbacks", _) => isAway ? 11 * wave : 0,
            ("cache.evictions", "capacity") => 0.6 * wave,
            ("cache.evictions", _) => 2.1 * wave,
            ("cache.fills.rejected", "epoch") => age is > 40 and < 62 ? 1.4 * wave : 0.02,
            ("cache.fills.rejected", _) => age is > 40 and < 58 ? 0.7 * wave : 0,
            ("cache.coherence.lag", _) => (isAway ? 0.0021 : 0.00042) * wave,
            ("cache.coherence.lost", _) => age is > 88 and < 91 ? 0.5 : 0,
            ("cache.entries", _) => 1840 + (60 * wave),
            ("cache.bytes", _) => 2_310_000 + (90_000 * wave),
            ("cache.fetch.duration", _) => 0.021 * wave,
            ("cache.stale.age", _) => isAway ? 12 * wave : 0,
            ("http.server.request.duration", _) => (isAway ? 0.0061 : 0.0034) * wave,
            _ => (92 + (shift * 4) + wave) * 1024 * 1024,
        };
    }
}
