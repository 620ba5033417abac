using System.Globalization;
using Cache.Core.Fencing;
using Cache.Core.Tests.Coherence;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Direct;

/// <summary>The direct way against a real server that is busy, slow, hung, killed or not to be had; and what its errors become.</summary>
public sealed class DirectWayTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const int Seed = 20261121;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _prefix = ValkeyFixture.NewPrefix();

    public Task InitializeAsync() => valkey.EnsureRunningAsync();

    public Task DisposeAsync() => valkey.EnsureRunningAsync();

    [Fact]
    public async Task ManyCallers_SomeOfWhichLeave_EachGetsItsOwnAnswer()
    {
        await using var connection = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            var random = new Random(Seed + caller);
            for (var n = 0; n < 200; n++)
            {
                var said = $"{caller}-{n}-{new string('x', random.Next(3000))}";
                DirectAsk? ask;
                while ((ask = connection.TrySend(RespCommand.Encode("ECHO", said), 1)) is null)
                    await Task.Yield();
                if (random.Next(10) > 0)
                    Assert.Equal(said, (await ask.Task.WaitAsync(Limit))[0].Text);
            }
        })));
    }

    [Fact]
    public async Task SlowServer_IsWaitedFor()
    {
        await using var clients = new ValkeyClients(valkey, Limit);
        await clients.DirectAsync("k");
        await PutAsync(clients, "k");

        // Until it is let go on, longer than anybody reads on his own thread.
        valkey.Server.Pause();
        var reading = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => ReadAsync(clients, "k").AsTask())));
        Assert.False(reading.IsCompleted);
        valkey.Server.Resume();

        Assert.All(await reading, note => Assert.NotNull(note.Value));
    }

    [Fact]
    public async Task HungServer_CallsEndAtTheirLimit_AndNoLateAnswerIsAnybodyElses()
    {
        await using var clients = new ValkeyClients(valkey, TimeSpan.FromMilliseconds(300));
        await clients.DirectAsync("k");
        for (var n = 0; n < 20; n++)
            await Eventually.HoldsAsync("stored", async () => await PutAsync(clients, $"k{n}") == FenceOutcome.Stored, Limit);

        valkey.Server.Pause();
        var calls = Enumerable.Range(0, 20).Select(n => ReadAsync(clients, $"k{n}").AsTask()).ToList();
        foreach (var call in calls)
            await Assert.ThrowsAsync<CacheUnavailableException>(() => call.WaitAsync(Limit));
        valkey.Server.Resume();

        for (var n = 0; n < 20; n++)
        {
            var key = $"k{n}";
            var note = await Eventually.BecomesAsync("an answer", () => ReadAsync(clients, key).AsTask(), read => read.Value is not null, Limit);
            Assert.Equal(_prefix + key, System.Text.Encoding.UTF8.GetString(note.Value!));
        }
    }

    [Fact]
    public async Task KilledServer_IsConnectedAgain_WhenItIsBack()
    {
        await using var clients = new ValkeyClients(valkey);
        for (var round = 0; round < 3; round++)
        {
            await clients.DirectAsync("k");
            await valkey.Server.KillAsync();
            await Eventually.HoldsAsync("the loss", () => clients.Connection.Direct("k") is null, Limit);
            await valkey.Server.StartAsync();
        }

        await clients.DirectAsync("k");
        await Eventually.HoldsAsync("a script that the new server does not know", async () => await PutAsync(clients, "k") == FenceOutcome.Stored, Limit);
    }

    [Fact]
    public async Task ConnectionKilledByTheServer_TheReaderGoesOnElsewhere()
    {
        await using var clients = new ValkeyClients(valkey, Limit);
        await clients.DirectAsync("k");
        await PutAsync(clients, "k");
        for (var round = 0; round < 10; round++)
        {
            var list = (string)(await valkey.ExecuteAsync("CLIENT", "LIST"))!;
            foreach (var client in list.Split('\n').Where(client => client.Contains(":direct ", StringComparison.Ordinal)))
                await valkey.ExecuteAsync("CLIENT", "KILL", "ID", client.Split(' ')[0]["id=".Length..]);

            Assert.NotNull((await ReadAsync(clients, "k")).Value);
        }
    }

    [Fact]
    public async Task WrongPassword_IsSaid_WithoutIt()
    {
        using var log = new LogCollector();
        var options = ValkeyClients.Options(valkey, TimeSpan.FromSeconds(3));
        options.Password = "not-the-password";
        await using var clients = new ValkeyClients(options, log.CreateLogger<ValkeyConnection>());
        Assert.Null(clients.Connection.Direct("k"));

        await Eventually.HoldsAsync("the refusal", () => log.Text.Contains("AUTH was answered with WRONGPASS", StringComparison.Ordinal), Limit);

        Assert.DoesNotContain(options.Password, log.Text, StringComparison.Ordinal);
        Assert.Null(clients.Connection.Direct("k"));
    }

    [Fact]
    public async Task UserOfTheAcl_IsSignedIn()
    {
        await valkey.ExecuteAsync("ACL", "SETUSER", "app", "on", ">app-password", "~*", "+@all");
        var options = ValkeyClients.Options(valkey, Limit);
        (options.UserName, options.Password) = ("app", "app-password");

        await using var connection = await DirectConnection.OpenAsync(options.Addresses[0], mustBePrimary: true, options, TimeProvider.System, default);

        var who = connection.TrySend(RespCommand.Encode("ACL", "WHOAMI"), 1)!;
        Assert.Equal("app", (await who.Task.WaitAsync(Limit))[0].Text);
    }

    [Theory]
    [InlineData("-LOADING Valkey is loading the dataset in memory\r\n", "LOADING")]
    [InlineData("-OOM command not allowed when used memory > 'maxmemory'.\r\n", "OOM")]
    [InlineData("-BUSY a script is running\r\n", "BUSY")]
    [InlineData("-MASTERDOWN the link is down\r\n", "MASTERDOWN")]
    [InlineData("-READONLY You can't write against a read only replica.\r\n", null)]
    [InlineData("-MOVED 1 127.0.0.1:1\r\n", null)]
    [InlineData("-CLUSTERDOWN The cluster is down\r\n", null)]
    public async Task ErrorOfTheServer_IsAnOutcome_AndLookupsGoOn(string answer, string? code)
    {
        await using var server = new ScriptedServer();
        foreach (var command in new[] { "GET", "PTTL", "HMGET", "EVAL" })
            server.Answers[command] = answer;
        var options = server.Options();

        // What has no code goes the library's way, which this server does not know.
        options.ReadTimeout = options.WriteTimeout = code is null ? TimeSpan.FromSeconds(1) : Limit;
        await using var clients = new ValkeyClients(options);
        await clients.DirectAsync("k");

        var failed = await Assert.ThrowsAsync<CacheUnavailableException>(() => ReadAsync(clients, "k").AsTask().WaitAsync(Limit));
        if (code is not null)
            Assert.Contains(code, failed.Message, StringComparison.Ordinal);

        var source = new Source();
        var cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(clients.Client, _prefix));
        Assert.Equal(CacheSource.Fetch, (await source.LookupAsync(cache, "k")).Source);
        Assert.Equal(CacheSource.L1, (await source.LookupAsync(cache, "k")).Source);
    }

    [Fact]
    public async Task SeveralAddresses_ThePrimaryIsFound()
    {
        await using var replica = new ScriptedServer();
        replica.Answers["ROLE"] = "*1\r\n$5\r\nslave\r\n";
        var options = ValkeyClients.Options(valkey, Limit);
        var primary = options.Addresses[0];
        options.Addresses = [replica.Address, primary];
        await using var servers = new DirectServers(options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        await Eventually.HoldsAsync("the primary", () => servers.Find("k")?.Connection is not null, Limit);

        var port = servers.Find("k")!.Connection!.TrySend(RespCommand.Encode("CONFIG", "GET", "port"), 1)!;
        Assert.Equal(valkey.Port.ToString(CultureInfo.InvariantCulture), (await port.Task.WaitAsync(Limit))[0].Items[1].Text);
    }

    private async Task<DirectConnection> OpenAsync()
    {
        var options = ValkeyClients.Options(valkey, Limit);
        return await DirectConnection.OpenAsync(options.Addresses[0], mustBePrimary: true, options, TimeProvider.System, default);
    }

    private ValueTask<FenceNote> ReadAsync(ValkeyClients clients, string key) =>
        clients.Client.Fence.ReadAsync(_prefix + key, TimeSpan.FromHours(1), owner: null, default);

    private ValueTask<FenceOutcome> PutAsync(ValkeyClients clients, string key) => clients.Client.Fence.PutAsync(
        _prefix + key,
        System.Text.Encoding.UTF8.GetBytes(_prefix + key),
        new FencedWrite(FenceToken.New(), Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
}
