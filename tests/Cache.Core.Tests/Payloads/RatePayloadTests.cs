using System.Globalization;
using Cache.Core.Rates;
using Cache.Core.Tests.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>The number that a rate limit is, as every version has stored it in a real Valkey: what was taken by one is taken for another.</summary>
public sealed class RatePayloadTests : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private const string Key = "ratelimit:ledger:standard:tenant-1";
    private static readonly RateTerms Terms = new(1, TimeSpan.FromMinutes(10), 2);
    private readonly ValkeyFixture _valkey;
    private readonly ValkeyClients _clients;

    public RatePayloadTests(ValkeyFixture valkey)
    {
        _valkey = valkey;
        _clients = new ValkeyClients(valkey);
    }

    public Task InitializeAsync() => _valkey.FlushAsync();

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    /// <summary>The moment that was recorded is over; the same distance from now is what it stood for.</summary>
    [Theory]
    [InlineData("rate-limit")]
    public async Task NumberOfAnotherVersion_Counts(string name)
    {
        var recorded = Recorded.Read(name);
        Assert.Equal(Key, recorded.Key);
        var present = Digits(await NowAsync() + Terms.Interval);
        Assert.Equal(recorded.Text.Length, present.Length);
        await _valkey.ExecuteAsync("SET", Key, present);

        Assert.Equal((true, 0), await TakeAsync());
        Assert.Equal((false, 0), await TakeAsync());
    }

    [Theory]
    [InlineData("rate-limit")]
    public async Task NumberWhoseMomentIsOver_TakesNothing(string name)
    {
        await _valkey.ExecuteAsync("SET", Key, Recorded.Read(name).Text);

        Assert.Equal((true, 1), await TakeAsync());
    }

    [Theory]
    [InlineData("rate-limit")]
    public async Task Number_IsStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name).Text;
        await TakeAsync();

        var written = (string)(await _valkey.ExecuteAsync("GET", Key))!;

        Assert.Equal(recorded.Length, written.Length);
        Assert.InRange(long.Parse(written, NumberStyles.None, CultureInfo.InvariantCulture) - await NowAsync(), 1, Terms.Interval);
    }

    /// <summary>What no version has written is no number: the limit is whole, and nobody gets an error.</summary>
    [Theory]
    [InlineData("v2 1764583200000000 7")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("nan")]
    [InlineData("-5")]
    public async Task NumberOfALaterVersion_LeavesTheLimitWhole(string stored)
    {
        await _valkey.ExecuteAsync("SET", Key, stored);

        Assert.Equal((true, 1), await TakeAsync());
        Assert.Equal((true, 0), await TakeAsync());
        Assert.Equal((false, 0), await TakeAsync());
    }

    private async Task<(bool IsAllowed, long Remaining)> TakeAsync()
    {
        var take = await _clients.Client.TakeAsync(Key, Terms);
        return (take.IsAllowed, take.Remaining);
    }

    /// <summary>By the server's clock, in microseconds, which are what is stored.</summary>
    private async Task<long> NowAsync() => long.Parse(
        (string)(await _valkey.ExecuteAsync("EVAL", "local t = redis.call('TIME'); return string.format('%.0f', t[1] * 1000000 + t[2])", "0"))!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
