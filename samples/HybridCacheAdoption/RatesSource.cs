using System.Collections.Concurrent;

namespace HybridCacheAdoption;

/// <summary>Stands for the database.</summary>
internal sealed class RatesSource
{
    private readonly ConcurrentDictionary<string, decimal> _rates = new(StringComparer.Ordinal);
    private int _readings;

    public async ValueTask<Rate> ReadAsync(string currency, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        return new Rate(currency, _rates.GetValueOrDefault(currency, 1m), Interlocked.Increment(ref _readings));
    }

    public void Write(string currency, decimal value) => _rates[currency] = value;
}
