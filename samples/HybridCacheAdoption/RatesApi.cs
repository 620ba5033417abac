using Microsoft.Extensions.Caching.Hybrid;

namespace HybridCacheAdoption;

/// <summary>Exchange rates, written for <see cref="HybridCache"/> and nothing else: not a line here knows which one it gets.</summary>
internal static class RatesApi
{
    private static readonly HybridCacheEntryOptions AnHour =
        new() { Expiration = TimeSpan.FromHours(1), LocalCacheExpiration = TimeSpan.FromMinutes(1) };

    public static void MapRates(this IEndpointRouteBuilder endpoints)
    {
        var rates = endpoints.MapGroup("/rates");
        rates.MapGet("/{currency}", GetAsync);
        rates.MapPut("/{currency}", PutAsync);
        rates.MapDelete("/", ForgetAsync);
    }

    private static ValueTask<Rate> GetAsync(string currency, HybridCache cache, RatesSource source, CancellationToken cancellationToken) =>
        cache.GetOrCreateAsync(
            $"rate:{currency}",
            (source, currency),
            static (ask, stop) => ask.source.ReadAsync(ask.currency, stop),
            AnHour,
            ["rates"],
            cancellationToken);

    private static async Task<IResult> PutAsync(string currency, decimal value, HybridCache cache, RatesSource source, CancellationToken cancellationToken)
    {
        source.Write(currency, value);
        await cache.RemoveAsync($"rate:{currency}", cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ForgetAsync(HybridCache cache, CancellationToken cancellationToken)
    {
        await cache.RemoveByTagAsync("rates", cancellationToken);
        return TypedResults.NoContent();
    }
}
