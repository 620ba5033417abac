using Cache.Core;

namespace Cache.Core.Samples.Stage;

/// <summary>The source of the samples: a service that knows exchange rates, counts how often it is asked, and can be down or slow.</summary>
internal sealed class Prices
{
    private int _asked;

    /// <summary>The present rate of every currency.</summary>
    public decimal Rate { get; set; } = 1.08m;

    /// <summary>Whether asking fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>An answer leaves when this has completed; it says what was true when it was asked for.</summary>
    public Task Holds { get; set; } = Task.CompletedTask;

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Asks for a rate.</summary>
    public async ValueTask<Price> GetAsync(string currency, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (IsDown)
            throw new HttpRequestException("The source is down.");
        var answer = new Price(currency, Rate);
        await Holds.WaitAsync(cancellationToken);
        return answer;
    }

    /// <summary>Asks for a rate, as a fetch.</summary>
    public async ValueTask<FetchResult<Price>> FetchAsync(string currency, CancellationToken cancellationToken) =>
        FetchResult<Price>.Found(await GetAsync(currency, cancellationToken));
}
