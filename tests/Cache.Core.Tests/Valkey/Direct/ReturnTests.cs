using Cache.Core.Tests.Coherence;
using Cache.Core.Valkey.Direct;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Direct;

/// <summary>How soon the direct connection is back, in time that moves only when the test says so: attempts take none of it.</summary>
public sealed class ReturnTests
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private const int Outage = 30;

    [Fact]
    public async Task ServerThatWasAwayForLong_IsBackWithinTwoSecondsOfItsReturn()
    {
        await using var away = new ScriptedServer();
        away.Answers["PING"] = "-LOADING it is not there yet\r\n";
        var time = new FakeTimeProvider();
        var failures = 0;
        await using var server = new DirectServer([away.Address], away.Options(), time, NullLogger.Instance, () => Interlocked.Increment(ref failures));

        // Pauses have grown as long as they get.
        for (var attempt = 1; attempt <= Outage; attempt++)
            await AttemptAsync(attempt);
        Assert.Null(server.Connection);
        away.Answers.Clear();

        // One pause may just have begun, and one attempt may have been under way.
        for (var second = 1; second <= 2 && server.Connection is null; second++)
        {
            var before = Volatile.Read(ref failures);
            await Eventually.HoldsAsync("a pause", () => time.IsTimingWithin(LongestPause));
            time.Advance(LongestPause);
            await Eventually.HoldsAsync("an attempt", () => server.Connection is not null || Volatile.Read(ref failures) > before);
        }

        Assert.NotNull(server.Connection);

        async Task AttemptAsync(int number)
        {
            await Eventually.HoldsAsync("an attempt in vain", () => Volatile.Read(ref failures) >= number);
            await Eventually.HoldsAsync("a pause", () => time.IsTimingWithin(LongestPause));
            time.Advance(LongestPause);
        }
    }
}
