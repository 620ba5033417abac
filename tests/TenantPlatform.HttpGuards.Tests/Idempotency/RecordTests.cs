using System.Text;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>B7: what lies in Valkey under an idempotency key, and Valkey away.</summary>
[Collection(GuardCollection.Name)]
public sealed class RecordTests : IdempotencyScene
{
    [Theory]
    [InlineData("refuse", 503)]
    [InlineData("proceed", 200)]
    public async Task ValkeyAway_RequestsWithAKey_AreRefusedOrUncovered_AndOthersGoOn(string choice, int expected)
    {
        using var outcomes = new Outcomes("http.idempotency.requests");
        var instance = await StartAsync(settings: ("IDEMPOTENCY_WITHOUT_VALKEY", choice));
        Valkey.IsUnavailable = true;

        var with = await instance.SendAsync("a", "key");
        Assert.Equal(200, (await instance.SendAsync("a")).Status);

        Assert.Equal(expected, with.Status);
        Assert.Equal(expected == 503 ? 1 : 2, Handled);
        Assert.Equal((expected == 503 ? 1 : 0, expected == 503 ? 0 : 1), (outcomes.Of("unavailable"), outcomes.Of("uncovered")));
        if (expected == 503)
            Assert.Equal("SERVICE_UNAVAILABLE", with.Code);
    }

    /// <summary>A failover while the handler ran: the answer is kept as soon as Valkey takes it.</summary>
    [Fact]
    public async Task ValkeyAwayAtTheEnd_TheAnswerGoesOut_AndIsKeptWhenItIsBack()
    {
        var instance = await StartAsync(context =>
        {
            Valkey.IsUnavailable = true;
            return Ok(context);
        });

        Assert.Equal(200, (await instance.SendAsync("a", "key")).Status);
        await Eventually.HoldsAsync("the next try", () => Time.IsTiming(TimeSpan.FromSeconds(1)));
        Valkey.IsUnavailable = false;
        Assert.Equal(409, (await instance.SendAsync("a", "key")).Status);
        Time.Advance(TimeSpan.FromSeconds(1));

        var again = await Eventually.BecomesAsync("the answer", () => instance.SendAsync("a", "key"), answer => answer.Status == 200);
        Assert.Equal((true, 1), (again.IsReplayed, Handled));
    }

    [Theory]
    [InlineData(true, "not sealed")]
    [InlineData(true, "")]
    [InlineData(false, "no record")]
    [InlineData(false, "null")]
    [InlineData(false, """{"state":"complete"}""")]
    [InlineData(false, """{"state":"other","fingerprint":"x","holder":""}""")]
    public async Task RecordOfSomebodyElse_IsNotBelieved(bool isProtected, string rubbish)
    {
        var instance = await Instance.StartAsync(context => Handle(context, Ok), Valkey, time: Time, isProtected: isProtected);
        Instances.Add(instance);
        await Valkey.SetAsync("idempotency:a:key", Encoding.UTF8.GetBytes(rubbish), TimeSpan.FromMinutes(1));

        Assert.Equal((503, 0), ((await instance.SendAsync("a", "key")).Status, Handled));
    }

    [Fact]
    public async Task SealedRecord_OfAnotherKey_IsNotBelieved_AndOfItsOwnIs()
    {
        var instance = await Instance.StartAsync(context => Handle(context, Ok), Valkey, time: Time, isProtected: true);
        Instances.Add(instance);
        await instance.SendAsync("a", "key");
        Assert.True((await instance.SendAsync("a", "key")).IsReplayed);
        await Valkey.SetAsync("idempotency:a:other", (await Valkey.GetAsync("idempotency:a:key"))!, TimeSpan.FromMinutes(1));

        Assert.Equal(503, (await instance.SendAsync("a", "other")).Status);
    }

    [Fact]
    public async Task KeysInValkey_HoldNothingOdd()
    {
        var instance = await StartAsync();
        await instance.SendAsync("a:b", "c:d");
        await instance.SendAsync("plain", "018f4e2a-5a7c-7000-8000-000000000000");

        Assert.Contains("idempotency:plain:018f4e2a-5a7c-7000-8000-000000000000", await Valkey.ScanAsync("*").ToListAsync());
        Assert.Contains(
            await Valkey.ScanAsync("*").ToListAsync(),
            key => System.Text.RegularExpressions.Regex.IsMatch(key, "^idempotency:sha256-[0-9a-f]{64}:sha256-[0-9a-f]{64}$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10)));
    }
}
