using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>A source whose answers a test decides, holds and counts.</summary>
internal sealed class Source
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What the next fetch does.</summary>
    public Func<CancellationToken, Task<FetchResult<string>>> Answer { get; set; } = _ => Task.FromResult(FetchResult<string>.Found("value"));

    public ValueTask<CacheLookup<string>> LookupAsync(TieredCache cache, string key, CancellationToken cancellationToken = default) =>
        cache.GetOrFetchAsync(key, this, static (source, stop) => source.AskAsync(stop), cancellationToken);

    public ValueTask<CacheLookup<string>> RefreshAsync(TieredCache cache, string key, CancellationToken cancellationToken = default) =>
        cache.RefreshAsync(key, this, static (source, stop) => source.AskAsync(stop), cancellationToken);

    /// <summary>Makes the next fetches wait until the returned gate is opened; they answer what they were asked for when they began.</summary>
    public Gate Hold(FetchResult<string> answer)
    {
        var gate = new Gate();
        Answer = async stop =>
        {
            await gate.PassAsync(stop);
            return answer;
        };
        return gate;
    }

    public async ValueTask<FetchResult<string>> AskAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return await Answer(cancellationToken);
    }
}
