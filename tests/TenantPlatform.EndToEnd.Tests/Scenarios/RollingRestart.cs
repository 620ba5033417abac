using System.Collections.Concurrent;
using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A new version goes out: every pod is replaced while clients read and write through the gateway.</summary>
public sealed class RollingRestart(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private const int Writers = 4;

    [Fact]
    public async Task EveryPodReplaced_UnderReadsAndWrites_NoRequestFails_AndNothingIsDoneTwice()
    {
        var tenants = await Platform.TenantManager.CreateTenantsAsync("rolling", 2, Deadline);
        foreach (var tenant in tenants)
            await Platform.Gateway.ServeAsync(tenant, Deadline);
        using var stop = new CancellationTokenSource();
        var (written, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<HttpStatusCode>());
        await using var reads = new Traffic(Enumerable.Repeat(Platform.Gateway, 4), tenants);
        var writes = Enumerable.Range(0, Writers).Select(_ => WriteAsync(tenants[0], written, refused, stop.Token)).ToList();
        await ServedAsync(reads);

        var processes = new List<int?>();
        foreach (var pod in Platform.Ledgers)
        {
            var (before, after) = await Platform.Resources.RestartAsync(pod.Name, Deadline);
            Assert.NotEqual(before, after);
            processes.Add(before);
            await ServedAsync(reads);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writes);
        var failed = await reads.StopAsync();
        Evidence($"{Platform.Ledgers.Count} pods replaced: {reads.Served} reads and {written.Count} writes through the gateway; failed: {failed.Count + refused.Count}");
        Assert.All(processes, process => Assert.False(process is { } one && ResourceControl.IsRunning(one), "An old process still runs."));
        Assert.Empty(failed);
        Assert.Empty(refused);
        Assert.NotEmpty(written);
        Assert.Equal(written.Order(StringComparer.Ordinal), (await NamesAsync(tenants[0])).Order(StringComparer.Ordinal));
    }

    /// <summary>Writes that must not be sent twice: a pod that is gone is not asked, instead of another being asked as well.</summary>
    private async Task WriteAsync(Tenant tenant, ConcurrentBag<string> written, ConcurrentBag<HttpStatusCode> refused, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var name = Guid.NewGuid().ToString("N");
            using var response = await Platform.Gateway.SendAsync(HttpMethod.Post, "/ledger/v1/organizations", tenant.Token, new { legalName = name, legalDocument = "12345678000195" }, Deadline);
            if (response.StatusCode == HttpStatusCode.Created)
                written.Add(name);
            else
                refused.Add(response.StatusCode);
        }
    }

    private async Task<List<string>> NamesAsync(Tenant tenant)
    {
        var (names, cursor) = (new List<string>(), string.Empty);
        do
        {
            var page = await Platform.Ledgers[0].GetAsync($"/v1/organizations?limit=100{cursor}", tenant, Deadline);
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("legalName").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) && next.GetString() is { Length: > 0 } value ? $"&cursor={value}" : string.Empty;
        }
        while (cursor.Length > 0);
        return names;
    }
}
