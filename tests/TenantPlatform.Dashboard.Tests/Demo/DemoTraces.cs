namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>Requests through gateway, pods, both tiers and the tenant-manager: the same for the same seed.</summary>
internal sealed class DemoTraces
{
    private static readonly string[] Requests =
    [
        "GET /v1/organizations/{organization}/ledgers/{ledger}/balances", "POST /v1/organizations/{organization}/ledgers/{ledger}/transactions",
        "GET /v1/organizations/{organization}/accounts/{account}", "GET /v1/holders/{holder}",
    ];

    private readonly Random _random = new(20);
    private readonly List<DemoSpan> _spans = [];
    private readonly List<DemoLog> _logs = [];
    private readonly string _traceId = "";
    private readonly DateTimeOffset _start;

    public DemoTraces(DateTimeOffset now, int count)
    {
        var all = new List<DemoTrace>();
        for (var i = 0; i < count; i++)
        {
            _traceId = $"{_random.NextInt64():x16}{_random.NextInt64():x16}";
            _start = now.AddSeconds(-(count - i) * 1.7);
            _spans.Clear();
            Request(i);
            all.Add(new DemoTrace(_traceId, _start, [.. _spans]));
        }

        all.Reverse();
        _logs.Reverse();
        All = all;
    }

    public IReadOnlyList<DemoTrace> All { get; }

    public IReadOnlyList<DemoLog> Logs => _logs;

    // L1 hit in most; L2 hit in some; a fetch in a few; and now and then the tenant-manager is ill.
    private void Request(int i)
    {
        var isCold = i % 9 == 4;
        var isWarm = !isCold && i % 3 == 0;
        var isFailing = i % 31 == 22;
        var pod = i % 4 == 3 ? "crm-1" : $"ledger-{(i % 3) + 1}";
        var name = Requests[i % Requests.Length];
        var scale = 0.7 + (_random.NextDouble() * 0.9);
        var total = (isCold ? 64.2 : isWarm ? 9.8 : 4.6) * scale;
        var root = Add(null, name, "gateway", "Server", 0, total, isFailing, new() { ["http.request.method"] = name.Split(' ')[0], ["url.path"] = "/v1/organizations/…", ["http.response.status_code"] = isFailing ? 503 : 200, ["cache.status"] = "MISS" });
        var call = Add(root, name.Split(' ')[0], "gateway", "Client", 0.4 * scale, total - (0.8 * scale), isFailing, new() { ["server.address"] = pod, ["http.response.status_code"] = isFailing ? 503 : 200 });
        var served = Add(call, name, pod, "Server", 0.9 * scale, total - (1.8 * scale), isFailing, new() { ["http.route"] = name.Split(' ')[1], ["tenant.id"] = "org_01JAB7", ["http.response.status_code"] = isFailing ? 503 : 200 });
        var at = 1.1 * scale;
        var lookup = Add(served, "cache.get tm-config:*", pod, "Internal", at, (isCold ? 49 : isWarm ? 2.1 : 0.02) * scale, isFailing, new() { ["cache.tier"] = isCold ? "source" : isWarm ? "L2" : "L1", ["cache.freshness"] = "fresh" });
        if (isCold || isWarm)
            Add(lookup, "GET", pod, "Client", at + (0.2 * scale), 1.1 * scale, false, new() { ["db.system.name"] = "valkey", ["db.operation.name"] = "EVALSHA note", ["server.address"] = "valkey" });
        if (isCold)
        {
            var fetch = Add(lookup, "tenant config fetch", pod, "Internal", at + (2.2 * scale), 44 * scale, isFailing, new() { ["cache.lease"] = "acquired" });
            var ask = Add(fetch, "GET", pod, "Client", at + (2.6 * scale), 42.8 * scale, isFailing, new() { ["server.address"] = "tenant-manager", ["http.response.status_code"] = isFailing ? 503 : 200 });
            var answer = Add(ask, "GET /v1/tenants/{tenant}/associations/{service}/connections", "tenant-manager", "Server", at + (3.4 * scale), 40.9 * scale, isFailing, new() { ["http.response.status_code"] = isFailing ? 503 : 200 }, isFailing ? "fault injected: 503" : null);
            Add(answer, "SELECT tenants", "tenant-manager", "Client", at + (4.6 * scale), 18.3 * scale, false, new() { ["db.system.name"] = "postgresql", ["db.namespace"] = "tenant_manager" });
            Add(answer, "unseal credentials", "tenant-manager", "Internal", at + (23.4 * scale), 17.2 * scale, false, []);
            Add(lookup, "EVALSHA", pod, "Client", at + (46.6 * scale), 1.4 * scale, false, new() { ["db.system.name"] = "valkey", ["db.operation.name"] = "EVALSHA store", ["cache.fence"] = "held" });
        }

        if (isFailing)
            return;
        var from = at + ((isCold ? 49.4 : isWarm ? 2.4 : 0.2) * scale);
        Add(served, "SELECT balances", pod, "Client", from, (total - (2.1 * scale) - from) * 0.8, false, new() { ["db.system.name"] = "postgresql", ["db.namespace"] = "org_01jab7_ledger" });
    }

    private string Add(string? parent, string name, string resource, string kind, double offset, double duration, bool isError, Dictionary<string, object> attributes, string? message = null)
    {
        var id = $"{_random.NextInt64():x16}";
        _spans.Add(new DemoSpan(id, parent, name, resource, kind, Math.Round(offset, 3), Math.Round(Math.Max(duration, 0.01), 3), isError ? "Error" : "Unset", message, kind == "Internal" ? "Cache.Core" : "Microsoft.AspNetCore", attributes,
            name.StartsWith("tenant config", StringComparison.Ordinal) ? [new { offsetMs = Math.Round(offset + 0.2, 3), name = "lease acquired", attributes = new Dictionary<string, object> { ["lease.ms"] = 5000 } }] : []));
        if (kind == "Server" || name.StartsWith("tenant config", StringComparison.Ordinal))
        {
            var level = isError ? "Error" : duration > 60 ? "Warning" : kind == "Internal" ? "Debug" : "Information";
            var text = isError ? "Upstream answered 503 after 3 tries; nothing stale to serve" : kind == "Internal" ? "Fetched tenant configuration, revision 41" : $"{name} responded 200 in {duration:0.0} ms";
            _logs.Add(new DemoLog(_logs.Count + 1, _start.AddMilliseconds(offset + duration), resource, level, kind == "Internal" ? "Cache.Core.Tiered" : "Microsoft.AspNetCore.Hosting.Diagnostics", text,
                new Dictionary<string, object> { ["ElapsedMs"] = Math.Round(duration, 2), ["StatusCode"] = isError ? 503 : 200 }, _traceId, id,
                isError ? "System.Net.Http.HttpRequestException: Response status code does not indicate success: 503 (Service Unavailable).\n   at TenantManager.Client.TenantConfigs.TenantManagerCall.SendAsync(TenantId tenant) in TenantManagerCall.cs:line 74" : null));
        }

        return id;
    }
}
