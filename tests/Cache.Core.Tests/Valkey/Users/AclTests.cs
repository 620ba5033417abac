using System.Text;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Rates;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Users;

/// <summary>B2: CACHE_USERNAME against a real Valkey, whose default user is switched off.</summary>
[Collection(AclCollection.Name)]
public sealed class AclTests(AclFixture acl)
{
    private const string Prefix = AclFixture.Prefix;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EveryCommand_WithTheDocumentedRights_WorksAndNothingIsRefused(bool isDirect)
    {
        await acl.AskAsync("ACL", "LOG", "RESET");
        await acl.AskAsync("FLUSHALL");
        await using var clients = new ValkeyClients(acl.Options(isDirect));
        var client = clients.Client;
        if (isDirect)
            await clients.DirectAsync(Prefix);

        await client.SetAsync(Prefix + "a", "v"u8.ToArray(), TimeSpan.FromMinutes(1));
        Assert.Equal("v"u8.ToArray(), await client.GetAsync(Prefix + "a"));
        Assert.False(await client.SetIfAbsentAsync(Prefix + "a", "w"u8.ToArray(), TimeSpan.Zero));
        Assert.True(await client.SetIfAbsentAsync(Prefix + "b", "w"u8.ToArray(), TimeSpan.FromMilliseconds(60_001)));
        await client.SetAsync(Prefix + "b", "v"u8.ToArray(), TimeSpan.FromMilliseconds(60_001));
        foreach (var by in new[] { 1, 3, -1, -2 })
            await client.IncrementAsync(Prefix + "n", by);
        Assert.Equal(2, await client.IncrementAsync(Prefix + "n"));
        Assert.True(await client.ExpireAsync(Prefix + "n", TimeSpan.FromMinutes(1)));
        Assert.True(await client.ExpireAsync(Prefix + "n", TimeSpan.FromMilliseconds(60_001)));
        Assert.True(await client.ExpireAsync(Prefix + "n", TimeSpan.Zero));
        Assert.True(await client.ExpireAsync(Prefix + "n", TimeSpan.Zero));
        Assert.Equal(2, await client.ExistsAsync([Prefix + "a", Prefix + "n", Prefix + "absent"]));
        Assert.Equal(3, await client.ScanAsync(Prefix + "*").CountAsync());
        Assert.Equal(3, (await client.ScanPageAsync(Prefix + "*", 100)).Keys.Count);
        Assert.True(Assert.Single(await client.StatisticsAsync()).IsReachable);
        Assert.Equal(DropOutcome.Dropped, await client.Fence.DropAsync(Prefix + "b"));
        await client.SetAsync(Prefix + "b", "v"u8.ToArray(), TimeSpan.FromMinutes(1));
        Assert.Equal(3, await client.DeleteAsync([Prefix + "a", Prefix + "b", Prefix + "n"]));
        Assert.True((await client.TakeAsync(Prefix + "limit", new RateTerms(1, TimeSpan.FromMinutes(1), 1))).IsAllowed);
        await client.SetAsync(Prefix + "a", "v"u8.ToArray(), TimeSpan.FromMinutes(1));
        Assert.True(await client.SetIfEqualAsync(Prefix + "a", "v"u8.ToArray(), "w"u8.ToArray(), TimeSpan.FromMinutes(1)));
        Assert.True(await client.DeleteIfEqualAsync(Prefix + "a", "w"u8.ToArray()));
        Assert.True(await client.PingAsync() > TimeSpan.Zero);
        await PublishAndHearAsync(clients.PubSub);
        foreach (var mode in new[] { CoherenceMode.Tracking, CoherenceMode.PubSub })
            await LookUpAndInvalidateAsync(clients, mode);

        var refused = await acl.AskAsync("ACL", "LOG");
        Assert.Equal([], refused.Items.Select(entry => $"{entry.Find("reason")?.Text} {entry.Find("object")?.Text}"));
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await client.GetAsync("other:key"));
        Assert.NotEmpty((await acl.AskAsync("ACL", "LOG")).Items);
    }

    [Fact]
    public async Task WrongPassword_IsSaidOnceWithoutIt_AndTheRightOneIsEnoughToGoOn()
    {
        using var log = new LogCollector();
        var options = acl.Options(isDirect: false);
        options.Password = "not-it-yet";

        // The library may wait for all of its time for a server that does not let it in.
        options.DialTimeout = TimeSpan.FromSeconds(5);
        options.ReadTimeout = options.WriteTimeout = TimeSpan.FromSeconds(2);
        await using var clients = new ValkeyClients(options, log.CreateLogger<ValkeyConnection>());
        clients.Connection.Open();
        await Eventually.HoldsAsync("a word about it", () => Warnings() > 0);

        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await clients.Client.GetAsync(Prefix + "k"));
        await acl.AskAsync("ACL", "SETUSER", AclUser.Name, ">not-it-yet");
        await Eventually.HoldsAsync("the way in", async () => await clients.Client.GetAsync(Prefix + "absent") is null);

        Assert.Equal(1, Warnings());
        Assert.Contains("CACHE_USERNAME and CACHE_PASSWORD", log.Text, StringComparison.Ordinal);
        Assert.Contains("is back", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not-it-yet", log.Text, StringComparison.Ordinal);

        int Warnings() => log.Lines.Count(line => line.Level == LogLevel.Warning && line.Message.Contains("it does not let us in", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AUserWithoutAPassword_IsThatUser_AndNotTheDefaultOne(bool isDirect)
    {
        await acl.AskAsync("ACL", "SETUSER", "open", "on", "nopass", "~*", "+@all");
        var options = acl.Options(isDirect);
        (options.UserName, options.Password) = ("open", null);
        await using var clients = new ValkeyClients(options);
        if (isDirect)
            await clients.DirectAsync("open:k");

        await clients.Client.Fence.InvalidateAsync("open:k", TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task KilledServer_IsBack_AndSoIsTheLibrary_WithItsSubscriptions()
    {
        var options = acl.Options(isDirect: false);
        await using var clients = new ValkeyClients(options);
        var heard = 0;
        await using var subscription = await clients.PubSub.SubscribeAsync(Prefix + "events", _ =>
        {
            Interlocked.Increment(ref heard);
            return ValueTask.CompletedTask;
        });

        await acl.Valkey.Server.KillAsync();
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await clients.Client.GetAsync(Prefix + "k"));
        await acl.Valkey.Server.StartAsync();
        await acl.SetUpAsync();

        await Eventually.HoldsAsync("the way back", async () => await clients.Client.GetAsync(Prefix + "k") is null);
        await Eventually.HoldsAsync("the subscription", async () =>
        {
            await clients.PubSub.PublishAsync(Prefix + "events", "x"u8.ToArray());
            return Volatile.Read(ref heard) > 0;
        });
    }

    [Fact]
    public async Task HungServer_CallsEndAtTheirLimit_TheFirstOfAClientToo_AndTheLibraryGoesOnWhenItAnswers()
    {
        var options = acl.Options(isDirect: false);
        options.ReadTimeout = options.WriteTimeout = TimeSpan.FromMilliseconds(300);
        await using var clients = new ValkeyClients(options);
        await using var late = new ValkeyClients(options);
        await Eventually.HoldsAsync("the way", async () => await clients.Client.GetAsync(Prefix + "absent") is null);

        acl.Valkey.Server.Pause();
        try
        {
            Task[] calls =
            [
                .. Enumerable.Range(0, 3).Select(_ => clients.Client.GetAsync(Prefix + "absent").AsTask()),
                clients.Client.SetAsync(Prefix + "set", "v"u8.ToArray(), TimeSpan.FromMinutes(1)).AsTask(),
                late.Client.GetAsync(Prefix + "absent").AsTask(),
            ];
            foreach (var call in calls)
                await Assert.ThrowsAsync<CacheUnavailableException>(() => call.WaitAsync(TimeSpan.FromSeconds(60)));
        }
        finally
        {
            acl.Valkey.Server.Resume();
        }

        foreach (var client in new[] { clients.Client, late.Client })
            await Eventually.HoldsAsync("an answer", async () => await client.GetAsync(Prefix + "absent") is null);
    }

    private static async Task PublishAndHearAsync(IPubSub pubSub)
    {
        var heard = new TaskCompletionSource<string>();
        await using (await pubSub.SubscribeAsync(Prefix + "events", message =>
        {
            heard.TrySetResult(Encoding.UTF8.GetString(message.Span));
            return ValueTask.CompletedTask;
        }))
        {
            Assert.Equal(1, await pubSub.PublishAsync(Prefix + "events", "hello"u8.ToArray()));
            Assert.Equal("hello", await heard.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        }

        Assert.Equal(0, await pubSub.PublishAsync(Prefix + "events", "anybody?"u8.ToArray()));
    }

    private async Task LookUpAndInvalidateAsync(ValkeyClients clients, CoherenceMode mode)
    {
        await using var channel = new ChannelCoherence(
            acl.Options(isDirect: true), new CoherenceOptions { Mode = mode }, [Prefix], clients.PubSub, TimeProvider.System, NullLogger<ChannelCoherence>.Instance);
        channel.Start();
        await Eventually.HoldsAsync("proof", () => channel.ProvenUntil > TimeProvider.System.GetTimestamp());
        var source = new Source();
        await using var cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(clients.Client, Prefix), coherence: channel);
        await using var other = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(clients.Client, Prefix));
        foreach (var key in new[] { "k", "{tagged}k" })
        {
            Assert.Equal("value", (await source.LookupAsync(cache, key)).Value);
            Assert.Equal(CacheSource.L2, (await source.LookupAsync(other, key)).Source);
            await other.InvalidateAsync(key);
            Assert.Equal("value", (await source.LookupAsync(other, key)).Value);
        }

        await cache.RemoveByTagAsync("tag");
        await clients.Client.Fence.DenyAsync(Prefix + "denied", "suspended", revision: 1, TimeSpan.FromMinutes(1));
        var note = await clients.Client.Fence.NoteAsync(Prefix + "absent", TimeSpan.FromMinutes(1), "owner", TimeSpan.FromMinutes(1));
        Assert.True(await clients.Client.Fence.RenewAsync(Prefix + "absent", "owner", TimeSpan.FromMinutes(1)));
        await clients.Client.Fence.ReleaseAsync(Prefix + "absent", "owner");
        Assert.Equal(FenceOutcome.Stored, await clients.Client.Fence.MarkAbsentAsync(Prefix + "absent", note.Generation!, TimeSpan.FromMinutes(1), "owner"));
        await acl.AskAsync("FLUSHALL");
    }
}
