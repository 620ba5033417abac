using System.Globalization;
using Cache.Core.Benchmarks.Scenes;
using Cache.Core.Tiered;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.LocalServers;

namespace Cache.Core.Benchmarks.Memory;

/// <summary>
/// A million tenants through one process, each looked up, changed, invalidated, denied or unknown, over a real Valkey with its
/// channel: what the process still holds after each part. What remembers keys must forget them.
/// </summary>
internal static class MemoryProgram
{
    private const int Tenants = 1_000_000;
    private const int Part = 25_000;
    private const int AtOnce = 32;

    /// <summary>Measures, prints a table and draws the plot.</summary>
    public static Task RunAsync(Terminal terminal, CancellationToken stop) =>
        terminal.ProgressAsync("a million tenants", Tenants / Part, async progress =>
        {
            var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: stop)).Require();
            await using var valkey = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = "benchmark" }, stop);

            // In Valkey everything goes after a minute: it is not what is measured.
            using var host = CacheHost.Create(valkey.ConnectionString, options => (options.L1Capacity, options.L2TimeToLive) = (10_000, TimeSpan.FromMinutes(1)));
            await host.StartAsync(stop);
            var cache = host.Services.GetRequiredService<TieredCache>();
            var held = new List<(int Tenants, double Megabytes)>();
            for (var from = 0; from < Tenants; from += Part)
            {
                await Parallel.ForEachAsync(
                    Enumerable.Range(from, Part),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                    (tenant, cancellation) => LiveAsync(cache, tenant, cancellation));
                GC.Collect();
                held.Add((from + Part, GC.GetTotalMemory(forceFullCollection: true) / 1e6));
                progress.Increment(1);
            }

            await host.StopAsync(stop);
            Write(terminal, held, cache.L1Count);
            var path = Path.Combine(RepositoryRoot.Find(), "docs", "images", "memory.svg");
            await File.WriteAllTextAsync(path, MemoryPlot.Draw(held), stop);
            terminal.Line("written: docs/images/memory.svg");
            return true;
        });

    /// <summary>A tenant's life, different for each: found, changed, invalidated, tagged, denied, unknown, or asked for while its source fails.</summary>
    private static async ValueTask LiveAsync(TieredCache cache, int tenant, CancellationToken cancellationToken)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"tenant-connections:{tenant}:ledger");
        var options = tenant % 10 == 0 ? new CacheEntryOptions { Tags = [string.Create(CultureInfo.InvariantCulture, $"region-{tenant / 10 % 100}")] } : null;
        try
        {
            for (var n = 0; n < 2; n++)
                await cache.GetOrFetchAsync(key, tenant, Ask, options, cancellationToken);
        }
        catch (IOException)
        {
            // Those whose source fails.
        }

        if (tenant % 5 == 0)
            await cache.InvalidateAsync(key, cancellationToken);
        if (tenant % 7 == 0)
            await cache.SetAsync(key, "changed", options, cancellationToken);
        if (tenant % 1000 == 0)
            await cache.RemoveByTagAsync(string.Create(CultureInfo.InvariantCulture, $"region-{tenant / 10 % 100}"), cancellationToken);
    }

    private static ValueTask<FetchResult<string>> Ask(int tenant, CancellationToken cancellationToken) => (tenant % 20) switch
    {
        1 => ValueTask.FromResult(FetchResult<string>.Denied("suspended", tenant)),
        2 => ValueTask.FromResult(FetchResult<string>.NotFound()),
        3 => ValueTask.FromException<FetchResult<string>>(new IOException("The source fails.")),
        _ => ValueTask.FromResult(FetchResult<string>.Found("a configuration", tenant)),
    };

    private static void Write(Terminal terminal, List<(int Tenants, double Megabytes)> held, int entries)
    {
        var table = FigureTable.Of("tenants so far", "held by the process, MB");
        foreach (var (tenants, megabytes) in held.Where(part => part.Tenants % (Part * 4) == 0))
            table.Add(tenants.ToString("N0", CultureInfo.InvariantCulture), megabytes.ToString("0.0", CultureInfo.InvariantCulture));
        terminal.Write(table);
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"entries in L1 at the end: {entries:N0} of at most 10,000"));
    }
}
