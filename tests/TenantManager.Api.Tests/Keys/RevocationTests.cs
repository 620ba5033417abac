using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;
using Xunit.Abstractions;

namespace TenantManager.Api.Tests.Keys;

/// <summary>A revoked key is refused everywhere, and by what; and what holds while the state database or Valkey is away.</summary>
[Collection(ManagerCollection.Name)]
public sealed class RevocationTests(ManagerHost host, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _opened = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
    }

    [Fact]
    public async Task BoundedDenial_KeyRevokedOnOneInstance_IsRefusedByAnother_AsSoonAsItIsTold()
    {
        // No time passes in the other instance: nothing but the push can tell it. Nor are calls counted: a fast machine makes thousands.
        using var other = Start(time: new FakeTimeProvider(DateTimeOffset.UtcNow), ("RATE_LIMIT_KEY", "off"));
        var key = await host.CreateKeyAsync();
        Assert.Equal(200, await host.StatusAsync(key.Text, other));
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentQueue<(long Began, long Ended, int Status)>();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                var status = await host.StatusAsync(key.Text, other);
                answers.Enqueue((began, Stopwatch.GetTimestamp(), status));
            }
        })).ToList();
        await Eventually.HoldsAsync("the key is used", () => answers.Count > 20);

        Assert.Equal(200, (await host.RevokeAsync(key.Id)).Status);
        var acknowledged = Stopwatch.GetTimestamp();

        await Eventually.HoldsAsync("the other instance refuses", () => answers.Count(answer => answer.Status == 401) > 20);
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        var told = answers.Where(answer => answer.Status == 401).Min(answer => answer.Ended);
        Assert.DoesNotContain(answers, answer => answer.Status == 200 && answer.Began > told);
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 401, $"{answer.Status}"));
        var late = answers.Where(answer => answer.Status == 200 && answer.Began > acknowledged).ToList();
        var last = late.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(acknowledged, late.Max(answer => answer.Ended));
        output.WriteLine($"{answers.Count} calls; accepted that began after the revocation was acknowledged: {late.Count}, the last one ended {last.TotalMilliseconds:F1} ms after it");
    }

    [Fact]
    public async Task BoundedDenial_KeysRevokedOneAfterAnother_AreEachRefusedByAnotherInstance()
    {
        using var other = Start(time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        var (accepted, longest) = (0, TimeSpan.Zero);
        for (var n = 0; n < 20; n++)
        {
            var key = await host.CreateKeyAsync();
            Assert.Equal(200, await host.StatusAsync(key.Text, other));
            await host.RevokeAsync(key.Id);
            var acknowledged = Stopwatch.GetTimestamp();
            await Eventually.HoldsAsync("the other instance refuses", async () =>
            {
                var status = await host.StatusAsync(key.Text, other);
                accepted += status == 200 ? 1 : 0;
                return status == 401;
            });
            var took = Stopwatch.GetElapsedTime(acknowledged);
            longest = took > longest ? took : longest;
        }

        output.WriteLine($"20 keys: {accepted} calls accepted after the revocation was acknowledged; the first refusal came {longest.TotalMilliseconds:F1} ms after it at the latest, the call itself included");
    }

    [Fact]
    public async Task BoundedDenial_WithoutCoherence_AnotherInstanceLooksForItself()
    {
        using var deaf = Start(settings: ("CACHE_COHERENCE", "off"));
        var key = await host.CreateKeyAsync();
        Assert.Equal(200, await host.StatusAsync(key.Text, deaf));

        await host.RevokeAsync(key.Id);

        await Eventually.HoldsAsync("the other instance refuses", async () => await host.StatusAsync(key.Text, deaf) == 401);
    }

    [Fact]
    public async Task BoundedDenial_KeyRotatedWithoutOverlap_EndsInAnotherInstance()
    {
        using var other = Start(time: new FakeTimeProvider(DateTimeOffset.UtcNow));
        var key = await host.CreateKeyAsync();
        Assert.Equal(200, await host.StatusAsync(key.Text, other));

        var rotated = await host.SendAsync(HttpMethod.Post, $"/v1/api-keys/{key.Id}/rotate", new { overlapSeconds = 0 });

        Assert.Equal(200, await host.StatusAsync(KeyExtensions.Text(rotated, "key"), other));
        await Eventually.HoldsAsync("the other instance refuses", async () => await host.StatusAsync(key.Text, other) == 401);
    }

    [Fact]
    public async Task OutageServes_StateDatabaseAway_KnownKeysOpen_RevokedOnesStayRefused_AndOthersAreNotDecided()
    {
        var link = Opened(new StateLink(host.StateConnectionString));
        using var cutOff = Start(settings: ("ConnectionStrings:tenant-manager", link.ConnectionString));
        var (used, shared, revoked, unknown) = (await host.CreateKeyAsync(), await host.CreateKeyAsync(), await host.CreateKeyAsync(), await host.CreateKeyAsync());
        Assert.Equal(200, await host.StatusAsync(used.Text, cutOff));
        Assert.Equal(200, await host.StatusAsync(shared.Text));
        Assert.Equal(200, await host.StatusAsync(revoked.Text, cutOff));
        await host.RevokeAsync(revoked.Id, cutOff);

        link.Cut();

        Assert.Equal(200, await host.StatusAsync(used.Text, cutOff));
        Assert.Equal(200, await host.StatusAsync(shared.Text, cutOff));
        Assert.Equal(401, await host.StatusAsync(revoked.Text, cutOff));
        Assert.Equal(503, await host.StatusAsync(unknown.Text, cutOff));
        Assert.Equal(200, await host.StatusAsync(ManagerHost.ApiKey, cutOff));

        link.Heal();
        await Eventually.HoldsAsync("the database decides again", async () => await host.StatusAsync(unknown.Text, cutOff) == 200);
    }

    [Fact]
    public async Task RevocationWins_StateDatabaseCutBeforeTheRevocation_IsToldByTheCacheAllTheSame()
    {
        var link = Opened(new StateLink(host.StateConnectionString));
        using var cutOff = Start(settings: ("ConnectionStrings:tenant-manager", link.ConnectionString));
        var key = await host.CreateKeyAsync();
        Assert.Equal(200, await host.StatusAsync(key.Text, cutOff));
        link.Cut();

        await host.RevokeAsync(key.Id);

        await Eventually.HoldsAsync("the instance without a database refuses", async () => await host.StatusAsync(key.Text, cutOff) == 401);
    }

    [Fact]
    public async Task CacheNeverFails_ValkeyAway_TheDatabaseIsAsked_AndARevocationHolds()
    {
        var link = Opened(new ValkeyLink(host.Valkey));
        using var cutOff = Start(settings: ("ConnectionStrings:valkey", link.ConnectionString));
        var (known, fresh) = (await host.CreateKeyAsync(), await host.CreateKeyAsync());
        Assert.Equal(200, await host.StatusAsync(known.Text, cutOff));
        Assert.Equal(200, await host.StatusAsync(known.Text));

        link.Cut();

        Assert.Equal((200, 200), (await host.StatusAsync(known.Text, cutOff), await host.StatusAsync(fresh.Text, cutOff)));
        Assert.Equal(401, await host.StatusAsync(Api.Keys.ApiKeyText.New(Api.Keys.ApiKeyText.NewId()), cutOff));
        Assert.Equal(200, (await host.RevokeAsync(known.Id, cutOff)).Status);
        Assert.Equal(401, await host.StatusAsync(known.Text, cutOff));
        link.Heal();
        await Eventually.HoldsAsync("the others refuse", async () => await host.StatusAsync(known.Text) == 401);
        Assert.Equal(401, await host.StatusAsync(known.Text, cutOff));
    }

    [Fact]
    public async Task RevocationWins_ValkeyEmptied_RevokedKeysStayRefused()
    {
        var key = await host.CreateKeyAsync();
        Assert.Equal(200, await host.StatusAsync(key.Text));
        await host.RevokeAsync(key.Id);

        await host.Valkey.FlushAsync();

        using var restarted = Start();
        Assert.Equal((401, 401), (await host.StatusAsync(key.Text), await host.StatusAsync(key.Text, restarted)));
    }

    private HttpClient Start(TimeProvider? time = null, params (string, string)[] settings)
    {
        WebApplicationFactory<Program> manager = Opened(host.CreateFactory(settings: settings));
        if (time is not null)
            manager = Opened(manager.WithWebHostBuilder(web => web.ConfigureTestServices(services => services.AddSingleton(time))));
        return manager.CreateClient();
    }

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
