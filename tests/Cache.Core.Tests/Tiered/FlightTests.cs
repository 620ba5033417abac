using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tiered;

/// <summary>OneFetch in one process: whoever asks, one load at a time.</summary>
public sealed class FlightTests
{
    private readonly TieredCache _cache = new(new TieredCacheOptions());
    private readonly Source _source = new();

    [Fact]
    public async Task OneFetch_AThousandConcurrentCallers_FetchOnce()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));

        var callers = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _source.LookupAsync(_cache, "k").AsTask())).ToArray();
        await gate.ReachedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task FailedFetch_ReachesEveryJoinedCaller_AndTheNextCallerTriesAgain()
    {
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            await gate.PassAsync(stop);
            throw new HttpRequestException("away");
        };
        var callers = Enumerable.Range(0, 10).Select(_ => _source.LookupAsync(_cache, "k").AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();
        foreach (var caller in callers)
            await Assert.ThrowsAsync<HttpRequestException>(() => caller);

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("value"));

        Assert.Equal("value", (await _source.LookupAsync(_cache, "k")).Value);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task CancelledCaller_DoesNotCancelTheOthersFetch()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        using var impatience = new CancellationTokenSource();
        var impatient = _source.LookupAsync(_cache, "k", impatience.Token).AsTask();
        var patient = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.Open();

        Assert.Equal("value", (await patient).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task LastCallerGone_CancelsTheFetch_AndTheNextCallerStartsAnew()
    {
        var cancelled = new TaskCompletionSource();
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            try
            {
                await gate.PassAsync(stop);
                return FetchResult<string>.Found("late");
            }
            catch (OperationCanceledException)
            {
                cancelled.TrySetResult();
                throw;
            }
        };
        using var impatience = new CancellationTokenSource();
        var impatient = _source.LookupAsync(_cache, "k", impatience.Token).AsTask();
        await gate.ReachedAsync();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("value"));

        Assert.Equal("value", (await _source.LookupAsync(_cache, "k")).Value);
    }
}
