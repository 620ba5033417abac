using System.Net.Http.Json;
using HybridCacheAdoption;

namespace Cache.Core.Samples.Tests;

/// <summary>The service behaves alike with either registration (F4).</summary>
public sealed class AdoptionTests
{
    [Theory]
    [InlineData("--before")]
    [InlineData("--after")]
    [InlineData("--both")]
    public async Task Service_WithEitherRegistration_BehavesAlike(string registration)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var service = RatesService.Build(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", registration]);
        await service.StartAsync(limit.Token);
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };

        Assert.Equal(1, (await GetAsync()).Reading);
        Assert.Equal(1, (await GetAsync()).Reading);

        using var put = await client.PutAsync(new Uri("/rates/EUR?value=1.08", UriKind.Relative), content: null, limit.Token);
        put.EnsureSuccessStatusCode();
        Assert.Equal(new Rate("EUR", 1.08m, 2), await GetAsync());

        using var forget = await client.DeleteAsync(new Uri("/rates/", UriKind.Relative), limit.Token);
        forget.EnsureSuccessStatusCode();
        Assert.Equal(3, (await GetAsync()).Reading);
        await service.StopAsync(limit.Token);

        async Task<Rate> GetAsync() => (await client.GetFromJsonAsync<Rate>(new Uri("/rates/EUR", UriKind.Relative), limit.Token))!;
    }
}
