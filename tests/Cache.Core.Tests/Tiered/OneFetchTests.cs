using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>OneFetch across processes, through a real Valkey.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class OneFetchTests : IAsyncDisposable
{
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly ValkeyClients[] _clients;
    private readonly TieredCache[] _processes;
    private readonly Source _source = new();

    public OneFetchTests(ValkeyFixture valkey)
    {
        _clients = [.. Enumerable.Range(0, 3).Select(_ => new ValkeyClients(valkey))];
        _processes = [.. _clients.Select(clients => new TieredCache(new TieredCacheOptions { LeaseLifetime = TimeSpan.FromSeconds(60) }, new ValkeyConfigCache(clients.Client, _prefix)))];
    }

    [Fact]
    public async Task OneFetch_ThreeProcessesOfAHundredCallers_FetchOnce()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        var callers = _processes.SelectMany(process => Enumerable.Range(0, 100).Select(_ => _source.LookupAsync(process, "k").AsTask())).ToArray();
        await gate.ReachedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_ADenial_AnswersTheWaitingProcessesToo()
    {
        var gate = _source.Hold(FetchResult<string>.Denied("suspended", 3));
        var callers = _processes.Select(process => _source.LookupAsync(process, "k").AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal((FetchOutcome.Denied, "suspended"), (lookup.Outcome, lookup.Result.Status)));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_AnUnknownKey_AnswersTheWaitingProcessesToo()
    {
        var gate = _source.Hold(FetchResult<string>.NotFound());
        var callers = _processes.Select(process => _source.LookupAsync(process, "k").AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal(FetchOutcome.NotFound, lookup.Outcome));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task FailedLeader_HandsTheLeaseOn()
    {
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            await gate.PassAsync(stop);
            _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("second"));
            throw new HttpRequestException("away");
        };
        var leader = _source.LookupAsync(_processes[0], "k").AsTask();
        await gate.ReachedAsync();
        var other = _source.LookupAsync(_processes[1], "k").AsTask();
        gate.Open();

        await Assert.ThrowsAsync<HttpRequestException>(() => leader);
        Assert.Equal("second", (await other).Value);
    }

    [Fact]
    public async Task DeadLeader_DoesNotStopTheOthers()
    {
        // A process took the lease and died: its lease is still there.
        await _clients[0].Client.Fence.ReadAsync($"{_prefix}k", TimeSpan.FromMinutes(1), "dead", TimeSpan.FromMilliseconds(50));

        var lookup = await _source.LookupAsync(_processes[1], "k");

        Assert.Equal((CacheSource.Fetch, "value"), (lookup.Source, lookup.Value));
    }

    [Fact]
    public async Task CancelledLeader_HandsTheLeaseOn()
    {
        var gate = _source.Hold(FetchResult<string>.Found("late"));
        using var impatience = new CancellationTokenSource();
        var leader = _source.LookupAsync(_processes[0], "k", impatience.Token).AsTask();
        await gate.ReachedAsync();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("second"));
        var other = _source.LookupAsync(_processes[1], "k").AsTask();

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.Equal("second", (await other).Value);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var clients in _clients)
            await clients.DisposeAsync();
    }
}
