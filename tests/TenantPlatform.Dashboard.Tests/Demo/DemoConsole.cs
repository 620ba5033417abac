using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>What such resources write.</summary>
internal static class DemoConsole
{
    private static readonly string[] Lines =
    [
        "info: Ledger.Api.Transactions[0] POST /v1/organizations/{organization}/ledgers/{ledger}/transactions responded 201 in 12.4 ms",
        "info: Cache.Core.Tiered[12] L2 hit for tm-config:* filled L1, ttl 5m",
        "dbug: Cache.Core.Coherence[3] heartbeat answered in 0.4 ms, lease renewed",
        "info: TenantManager.Client.Revalidation[7] 14 tenants revalidated, 0 changed",
        "warn: Cache.Core.Tiered[31] Serving stale: tenant-manager answered 503, age 41 s",
        "info: TenantManager.Client.Databases[4] Pool opened, limit 20",
        "fail: Cache.Core.Valkey[8] GET failed: timeout after 500 ms, breaker is half-open",
        "\u001b[32minfo\u001b[39m: \u001b[1mMicrosoft.Hosting.Lifetime\u001b[0m[0] Application started.",
    ];

    public static IReadOnlyList<string> WriteFirst(ResourceLoggerService logs, IReadOnlyDictionary<string, IResource> resources)
    {
        var living = Living(resources);
        foreach (var (name, _) in living)
            logs.Of(name).Write($"Starting {name}", isError: false);
        return [.. living.Select(one => one.Key)];
    }

    /// <summary>Paced by the millisecond, as processes that write side by side.</summary>
    public static async Task WriteAsync(ResourceLoggerService logs, IReadOnlyDictionary<string, IResource> resources)
    {
        var living = Living(resources);
        for (var i = 0; i < 96; i++)
        {
            var (name, resource) = living[(i * 7) % living.Length];
            var text = resource switch
            {
                ValkeyResource => $"1:M 21 Nov 2026 07:31:{i % 60:00}.120 * DB saved on disk, {i} changes in 60 seconds",
                PostgresServerResource => $"2026-11-21 07:31:{i % 60:00}.004 UTC [41022] LOG:  checkpoint complete: wrote {i} buffers",
                _ => Lines[(i * 5) % Lines.Length],
            };
            logs.Of(name).Write(text, isError: text.StartsWith("fail", StringComparison.Ordinal));
            await Task.Delay(1);
        }

        foreach (var line in (string[])
            [
                "Unhandled exception. System.IO.IOException: Broken pipe",
                "   at TenantPlatform.Observer.Watch.ReadAsync(CancellationToken cancellationToken) in Watch.cs:line 88",
                "   at TenantPlatform.Observer.Program.<Main>(String[] args) in Program.cs:line 12",
            ])
            logs.Of("observer").Write(line, isError: true);
    }

    private static KeyValuePair<string, IResource>[] Living(IReadOnlyDictionary<string, IResource> resources) =>
        [.. resources.Where(one => one.Value is not (ParameterResource or PostgresDatabaseResource))];
}
