using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.RateLimiting;

/// <summary>B7: rate limits over the double of Valkey, with a clock that only the test moves.</summary>
[Collection(GuardCollection.Name)]
public sealed class RateLimitTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _valkey;
    private readonly string _caller = Guid.NewGuid().ToString("N");
    private readonly List<Instance> _instances = [];

    public RateLimitTests() => _valkey = new InMemoryCacheClient(_time);

    [Fact]
    public async Task Headers_TellHowTheCallerStands()
    {
        var instance = await StartAsync();

        var first = await instance.SendAsync(_caller, tier: "fast");
        var second = await instance.SendAsync(_caller, tier: "fast");

        Assert.Equal((200, 4L, 3L, 1L), (first.Status, first.Number("X-RateLimit-Limit"), first.Number("X-RateLimit-Remaining"), first.Number("X-RateLimit-Reset")));
        Assert.Equal("\"tenant\";q=4;w=1", first.Headers["RateLimit-Policy"]);
        Assert.Equal("\"tenant\";r=3;t=1", first.Headers["RateLimit"]);
        Assert.Equal(2, second.Number("X-RateLimit-Remaining"));
        Assert.DoesNotContain("Retry-After", second.Headers.Keys);
    }

    [Fact]
    public async Task Exhausted_Is429_WithRetryAfter_AndTheHandlerDoesNotRun()
    {
        var handled = 0;
        var instance = await StartAsync(context => Count(context, ref handled));
        for (var n = 0; n < 5; n++)
            Assert.Equal(200, (await instance.SendAsync(_caller, tier: "standard")).Status);

        var refused = await instance.SendAsync(_caller, tier: "standard");

        Assert.Equal((429, "RATE_LIMIT_EXCEEDED", 5), (refused.Status, refused.Code, handled));
        Assert.Equal((600L, 0L, 3000L), (refused.Number("Retry-After"), refused.Number("X-RateLimit-Remaining"), refused.Number("X-RateLimit-Reset")));
        _time.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(200, (await instance.SendAsync(_caller, tier: "standard")).Status);
        Assert.Equal(429, (await instance.SendAsync(_caller, tier: "standard")).Status);
    }

    [Fact]
    public async Task RetryAfter_IsLongEnough()
    {
        var instance = await StartAsync();
        for (var n = 0; n < 5; n++)
            await instance.SendAsync(_caller, tier: "fast");
        _time.Advance(TimeSpan.FromMilliseconds(30));

        var refused = await instance.SendAsync(_caller, tier: "fast");
        _time.Advance(TimeSpan.FromSeconds(refused.Number("Retry-After")));

        Assert.Equal(429, refused.Status);
        Assert.Equal(200, (await instance.SendAsync(_caller, tier: "fast")).Status);
    }

    [Fact]
    public async Task Tiers_HaveTheirOwnTerms_AndCallersTheirOwnLimits()
    {
        var instance = await StartAsync();
        for (var n = 0; n < 20; n++)
            Assert.Equal(200, (await instance.SendAsync(_caller, tier: "premium")).Status);

        Assert.Equal(429, (await instance.SendAsync(_caller, tier: "premium")).Status);
        Assert.Equal(200, (await instance.SendAsync("another", tier: "premium")).Status);
        var unlimited = await instance.SendAsync(_caller, tier: "unlimited");
        Assert.Equal(200, unlimited.Status);
        Assert.DoesNotContain("X-RateLimit-Limit", unlimited.Headers.Keys);
    }

    [Fact]
    public async Task TwoLimits_AreBothKept_AndTheTightestIsTold()
    {
        var instance = await StartAsync();
        for (var n = 0; n < 4; n++)
            await instance.SendAsync($"other-{n}", tier: "premium,all");

        var third = await instance.SendAsync(_caller, tier: "premium,all");
        Assert.Equal((7L, 2L), (third.Number("X-RateLimit-Limit"), third.Number("X-RateLimit-Remaining")));
        Assert.Equal("\"tenant\";q=20;w=12000, \"everybody\";q=7;w=4200", third.Headers["RateLimit-Policy"]);
        await instance.SendAsync(_caller, tier: "premium,all");
        await instance.SendAsync(_caller, tier: "premium,all");

        var refused = await instance.SendAsync("new", tier: "premium,all");

        Assert.Equal((429, 7L, 600L), (refused.Status, refused.Number("X-RateLimit-Limit"), refused.Number("Retry-After")));
        Assert.Equal("\"tenant\";r=19;t=600, \"everybody\";r=0;t=4200", refused.Headers["RateLimit"]);
    }

    [Fact]
    public async Task NoCaller_IsNotLimited_AndSwitchedOff_NobodyIs()
    {
        var off = await StartAsync(settings: ("RATE_LIMIT_ENABLED", "false"));
        for (var n = 0; n < 10; n++)
            Assert.Equal(200, (await off.SendAsync(_caller, tier: "standard")).Status);

        var one = await StartAsync(settings: ("RATE_LIMIT_STANDARD", "off"));
        for (var n = 0; n < 10; n++)
            Assert.Equal(200, (await one.SendAsync(_caller, tier: "standard")).Status);
    }

    [Fact]
    public async Task Headers_AreOnAFailure_ThatClearedTheAnswer()
    {
        var instance = await StartAsync(context =>
        {
            context.Response.Clear();
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });

        var failed = await instance.SendAsync(_caller, tier: "standard");

        Assert.Equal((500, 4L), (failed.Status, failed.Number("X-RateLimit-Remaining")));
    }

    /// <summary>Never an outage: this instance's share decides meanwhile, and Valkey again when it is back.</summary>
    [Fact]
    public async Task ValkeyAway_TheLocalShareDecides_AndValkeyAgainWhenItIsBack()
    {
        using var decisions = new Outcomes("http.rate_limit.decisions");
        var instance = await StartAsync(settings: [("RATE_LIMIT_PREMIUM", "1/10m/21"), ("RATE_LIMIT_INSTANCES", "4")]);
        for (var n = 0; n < 18; n++)
            Assert.Equal(200, (await instance.SendAsync(_caller, tier: "premium")).Status);

        _valkey.IsUnavailable = true;
        var local = new List<Answer>();
        for (var n = 0; n < 8; n++)
            local.Add(await instance.SendAsync(_caller, tier: "premium"));

        // 21 at once among four instances: five each, and one comes back in 40 minutes.
        Assert.Equal(5, local.Count(answer => answer.Status == 200));
        Assert.Equal(2400, local[^1].Number("Retry-After"));
        Assert.Contains(instance.Logs.Lines, line => line.Message.Contains("with 1/4 of each", StringComparison.Ordinal));

        _valkey.IsUnavailable = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        var shared = new List<Answer>();
        for (var n = 0; n < 4; n++)
            shared.Add(await instance.SendAsync(_caller, tier: "premium"));

        Assert.Equal(3, shared.Count(answer => answer.Status == 200));
        Assert.Contains(instance.Logs.Lines, line => line.Message.StartsWith("Valkey counts", StringComparison.Ordinal));
        Assert.True(decisions.Of("tenant premium refused local") >= 3);
        Assert.True(decisions.Of("tenant premium allowed shared") >= 21);
        Assert.DoesNotContain(decisions.Tags, tags => tags.Contains(_caller, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ValkeySlow_IsNotWaitedForLongerThanAllowed_NorAskedForASecond()
    {
        var gate = new Gate();
        var asked = 0;
        _valkey.BeforeCall = (command, stop) =>
        {
            if (command != "TAKE")
                return ValueTask.CompletedTask;
            Interlocked.Increment(ref asked);
            return new ValueTask(gate.PassAsync(stop));
        };
        var instance = await StartAsync(settings: ("RATE_LIMIT_TIMEOUT_MS", "200"));

        var slow = instance.SendAsync(_caller, tier: "standard");
        await Eventually.HoldsAsync("the bound", () => _time.IsTiming(TimeSpan.FromMilliseconds(200)));
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(200, (await slow).Status);
        Assert.Equal(200, (await instance.SendAsync(_caller, tier: "standard")).Status);
        Assert.Equal(1, asked);

        gate.Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await instance.SendAsync(_caller, tier: "standard")).Status);
        Assert.Equal(2, asked);
    }

    /// <summary>A Valkey that goes on failing is asked by one request at a time, and ever more seldom: its breaker is others' too.</summary>
    [Fact]
    public async Task ValkeyThatGoesOnFailing_IsAskedEverMoreSeldom()
    {
        var asked = 0;
        _valkey.BeforeCall = (_, _) =>
        {
            asked++;
            return ValueTask.CompletedTask;
        };
        _valkey.IsUnavailable = true;
        var instance = await StartAsync();
        var counts = new List<int>();
        for (var second = 0; second < 32; second++)
        {
            for (var n = 0; n < 3; n++)
                await instance.SendAsync(_caller, tier: "premium");
            counts.Add(asked);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // At 0, 1, 3, 7, 15, 23 and 31 s.
        Assert.Equal((1, 2, 3, 4, 5, 6, 7), (counts[0], counts[1], counts[3], counts[7], counts[15], counts[23], counts[31]));
        Assert.Equal((2, 3, 4, 5, 6), (counts[2], counts[6], counts[14], counts[22], counts[30]));
    }

    [Fact]
    public async Task WithoutAnyValkey_ThisProcessCounts()
    {
        var instance = await Instance.StartAsync(Ok, time: _time);
        _instances.Add(instance);
        var answers = new List<Answer>();
        for (var n = 0; n < 7; n++)
            answers.Add(await instance.SendAsync(_caller, tier: "standard"));

        Assert.Equal(5, answers.Count(answer => answer.Status == 200));
    }

    [Fact]
    public async Task Keys_HoldNothingLongOrOdd()
    {
        var instance = await StartAsync();
        await instance.SendAsync(new string('a', 5000), tier: "standard");
        await instance.SendAsync("a:b {c}*", tier: "standard");
        await instance.SendAsync(_caller, tier: "standard");

        var keys = await _valkey.ScanAsync("*").ToListAsync();

        Assert.Contains($"ratelimit:test:tenant:{_caller}", keys);
        Assert.Equal(2, keys.Count(key => System.Text.RegularExpressions.Regex.IsMatch(key, "^ratelimit:test:tenant:sha256-[0-9a-f]{64}$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
    }

    private static Task Ok(HttpContext context) => context.Response.WriteAsync("ok");

    private static Task Count(HttpContext context, ref int count)
    {
        Interlocked.Increment(ref count);
        return Ok(context);
    }

    private async Task<Instance> StartAsync(RequestDelegate? handler = null, params (string Name, string Value)[] settings)
    {
        var instance = await Instance.StartAsync(handler ?? Ok, _valkey, time: _time, settings: settings);
        _instances.Add(instance);
        return instance;
    }
}
