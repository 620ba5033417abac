using System.Text;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>B7: idempotency keys over the double of Valkey, with a clock that only the test moves.</summary>
[Collection(GuardCollection.Name)]
public sealed class IdempotencyTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _valkey;
    private readonly List<Instance> _instances = [];
    private int _handled;

    public IdempotencyTests() => _valkey = new InMemoryCacheClient(_time);

    [Fact]
    public async Task SameRequest_IsAnsweredByteForByte_AndHandledOnce()
    {
        var instance = await StartAsync(async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.ContentType = "application/vnd.thing+json";
            context.Response.Headers.Location = "/things/7";
            context.Response.Headers.ETag = "\"7\"";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Other"] = "of this time only";
            await context.Response.Body.WriteAsync(new byte[] { 0, 255, 13, 10, 200 });
            await context.Response.WriteAsync(" ü");
        });

        var first = await instance.SendAsync("a", "key");
        var second = await instance.SendAsync("a", "key");

        Assert.Equal((201, false), (first.Status, first.IsReplayed));
        Assert.Equal((201, true, 1), (second.Status, second.IsReplayed, _handled));
        Assert.Equal([0, 255, 13, 10, 200, .. " ü"u8], second.Bytes);
        Assert.Equal(first.Bytes, second.Bytes);
        foreach (var header in new[] { "Content-Type", "Content-Length", "Location", "ETag", "Cache-Control" })
            Assert.Equal(first.Headers[header], second.Headers[header]);
        Assert.DoesNotContain("X-Other", second.Headers.Keys);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task MethodsThatChangeSomething_AreCovered_WithoutABodyToo(string method)
    {
        var instance = await StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        await instance.SendAsync("a", "key", body: null, method: new HttpMethod(method));
        var second = await instance.SendAsync("a", "key", body: null, method: new HttpMethod(method));

        Assert.Equal((204, true, 1), (second.Status, second.IsReplayed, _handled));
    }

    [Fact]
    public async Task Get_AndNoKey_AndNoCaller_AreNotCovered()
    {
        var instance = await StartAsync();

        await instance.SendAsync("a", "key", body: null, method: HttpMethod.Get);
        await instance.SendAsync("a", "key", body: null, method: HttpMethod.Get);
        await instance.SendAsync("a");
        await instance.SendAsync("a");
        await instance.SendAsync("a", string.Empty);

        Assert.Equal(5, _handled);
        Assert.Empty(await _valkey.ScanAsync("idempotency:*").ToListAsync());
    }

    [Fact]
    public async Task StandardHeader_IsTheSameKey_AndTwoThatDiffer_AreRefused()
    {
        var instance = await StartAsync();

        await instance.SendAsync("a", "key");
        var standard = await instance.SendAsync("a", headers: [("Idempotency-Key", "key")]);
        var both = await instance.SendAsync("a", "key", headers: [("Idempotency-Key", "key")]);
        var differing = await instance.SendAsync("a", "key", headers: [("Idempotency-Key", "other")]);

        Assert.True(standard.IsReplayed && both.IsReplayed);
        Assert.Equal((400, "INVALID_IDEMPOTENCY_KEY", 1), (differing.Status, differing.Code, _handled));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("tab\there")]
    public async Task OddKey_IsRefused(string key) => await RefusedAsync(key);

    [Fact]
    public async Task LongKey_IsRefused_AndTheLongestIsNot()
    {
        await RefusedAsync(new string('k', 257));
        Assert.Equal(200, (await _instances[0].SendAsync("a", new string('k', 256))).Status);
        Assert.True((await _instances[0].SendAsync("a", new string('k', 256))).IsReplayed);
    }

    [Fact]
    public async Task Callers_HaveTheirOwnKeys()
    {
        var instance = await StartAsync();

        await instance.SendAsync("a", "key");
        Assert.False((await instance.SendAsync("b", "key")).IsReplayed);

        // Not even one who sends what stands for the hash of another's.
        var odd = new string('x', 100);
        await instance.SendAsync(odd, "key");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(odd)));
        Assert.False((await instance.SendAsync($"sha256-{hash}", "key")).IsReplayed);
        Assert.Equal(4, _handled);
    }

    /// <summary>Formatting of JSON does not count; everything else does.</summary>
    [Theory]
    [InlineData("""{"a":"1.50","b":[1,2]}""", """ { "b" : [1, 2],  "a" : "1.50" } """, true)]
    [InlineData("""{"a":"ü"}""", """{"a":"\u00fc"}""", true)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""", false)]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""", false)]
    [InlineData("no json", "no  json", false)]
    [InlineData("no json", "no json", true)]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\ud800"}""", true)]
    public async Task Fingerprint_OfTheBody(string first, string second, bool isSame)
    {
        var instance = await StartAsync();

        Assert.Equal(200, (await instance.SendAsync("a", "key", first)).Status);
        var answer = await instance.SendAsync("a", "key", second);

        if (isSame)
            Assert.True(answer.IsReplayed);
        else
            Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), (answer.Status, answer.Code));
        Assert.Equal(1, _handled);
    }

    [Fact]
    public async Task Fingerprint_OfMethodPathQueryAndKindOfBody()
    {
        var instance = await StartAsync();
        await instance.SendAsync("a", "key", """{"n": 1}""");

        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", HttpMethod.Put)).Status);
        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", path: "/others")).Status);
        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", path: "/things?x=1")).Status);
        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", contentType: "text/plain")).Status);
        Assert.True((await instance.SendAsync("a", "key", """{"n":1}""")).IsReplayed);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task RefusedOrFailed_GivesTheKeyBack_ForACorrectedRequest(int status)
    {
        var instance = await StartAsync(context =>
        {
            context.Response.StatusCode = _handled == 1 ? status : 200;
            return context.Response.WriteAsync("answer");
        });

        Assert.Equal(status, (await instance.SendAsync("a", "key", """{"wrong":1}""")).Status);
        var corrected = await instance.SendAsync("a", "key", """{"right":1}""");

        Assert.Equal((200, false, 2), (corrected.Status, corrected.IsReplayed, _handled));
    }

    [Fact]
    public async Task ThatThrows_GivesTheKeyBack_AndTheAnswerIsWhoeverHandlesIts()
    {
        var instance = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half an answer");
            throw new InvalidOperationException("failed");
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => instance.SendAsync("a", "key"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => instance.SendAsync("a", "key"));

        Assert.Equal(2, _handled);
    }

    [Fact]
    public async Task InFlight_Is409_AndOneOfManyIsHandled()
    {
        var gate = new Gate();
        var instance = await StartAsync(async context =>
        {
            await gate.PassAsync(CancellationToken.None);
            await context.Response.WriteAsync("done");
        });

        var first = instance.SendAsync("a", "key");
        await gate.ReachedAsync();
        var meanwhile = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => instance.SendAsync("a", "key")));
        var other = await instance.SendAsync("a", "key", """{"n":2}""");
        gate.Open();

        Assert.All(meanwhile, answer => Assert.Equal((409, "IDEMPOTENCY_IN_FLIGHT", "1"), (answer.Status, answer.Code, answer.Headers["Retry-After"])));
        Assert.Equal(422, other.Status);
        Assert.Equal("done", (await first).Text);
        Assert.True((await instance.SendAsync("a", "key")).IsReplayed);
        Assert.Equal(1, _handled);
    }

    /// <summary>A request longer than a lease keeps its key, because it is renewed.</summary>
    [Fact]
    public async Task LongRequest_KeepsItsKey()
    {
        var gate = new Gate();
        var renewed = 0;
        _valkey.AfterCall = (command, _) =>
        {
            if (command == "SETIFEQUAL")
                Interlocked.Increment(ref renewed);
            return ValueTask.CompletedTask;
        };
        var instance = await StartAsync(async context =>
        {
            await gate.PassAsync(CancellationToken.None);
            await context.Response.WriteAsync("done");
        });
        var first = instance.SendAsync("a", "key");
        await gate.ReachedAsync();

        for (var turn = 1; turn <= 9; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Eventually.HoldsAsync("a renewal", () => Volatile.Read(ref renewed) == turn);
        }

        Assert.Equal(409, (await instance.SendAsync("a", "key")).Status);
        gate.Open();
        Assert.Equal(200, (await first).Status);
        Assert.True((await instance.SendAsync("a", "key")).IsReplayed);
    }

    /// <summary>A process that died blocks its keys for one lease.</summary>
    [Fact]
    public async Task DeadHolder_BlocksForOneLease()
    {
        var dying = new Gate();
        var dead = await StartAsync(async context => await dying.PassAsync(CancellationToken.None));
        var lost = dead.SendAsync("a", "key");
        await dying.ReachedAsync();
        var record = Assert.Single(await _valkey.ScanAsync("idempotency:*").ToListAsync());
        var held = (await _valkey.GetAsync(record))!;

        // Valkey as that process left it, and another process.
        var valkey = new InMemoryCacheClient(_time);
        await valkey.SetAsync(record, held, TimeSpan.FromSeconds(30));
        var instance = await Instance.StartAsync(context => Handle(context, Ok), valkey, time: _time);
        _instances.Add(instance);
        Assert.Equal(409, (await instance.SendAsync("a", "key")).Status);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(200, (await instance.SendAsync("a", "key")).Status);
        dying.Open();
        await lost;
    }

    /// <summary>Compare-safe: who has lost his key neither keeps his answer nor takes the next one's key away.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task LostKey_IsLeftToItsNewHolder(int status)
    {
        using var outcomes = new Outcomes("http.idempotency.requests");
        var gate = new Gate();
        var instance = await StartAsync(async context =>
        {
            var number = _handled;
            if (number == 1)
                await gate.PassAsync(CancellationToken.None);
            context.Response.StatusCode = number == 1 ? status : 200;
            await context.Response.WriteAsync($"{number}");
        });
        var first = instance.SendAsync("a", "key");
        await gate.ReachedAsync();
        var record = Assert.Single(await _valkey.ScanAsync("idempotency:*").ToListAsync());
        await _valkey.DeleteAsync([record]);

        Assert.Equal("2", (await instance.SendAsync("a", "key")).Text);
        gate.Open();
        await first;

        var replayed = await instance.SendAsync("a", "key");
        Assert.Equal(("2", true), (replayed.Text, replayed.IsReplayed));
        Assert.Equal(status == 200 ? 1 : 0, outcomes.Of("unkept"));
    }

    [Fact]
    public async Task ClientGone_TheHandlerRunsToItsEnd_AndTheClientIsToldWhenItAsksAgain()
    {
        var gate = new Gate();
        var wasCancelled = false;
        var instance = await StartAsync(async context =>
        {
            await gate.PassAsync(CancellationToken.None);
            wasCancelled = context.RequestAborted.IsCancellationRequested;
            await context.Response.WriteAsync("done");
        });
        using var client = new CancellationTokenSource();
        var first = instance.SendAsync("a", "key", cancellationToken: client.Token);
        await gate.ReachedAsync();

        // The server's end hears of it here; the client's has an answer only when the handler has ended.
        await client.CancelAsync();
        Assert.Equal(409, (await instance.SendAsync("a", "key")).Status);
        gate.Open();
        await Task.WhenAny(first);

        var again = await Eventually.BecomesAsync("the answer", () => instance.SendAsync("a", "key"), answer => answer.Status == 200);

        Assert.Equal(("done", true, 1, false), (again.Text, again.IsReplayed, _handled, wasCancelled));
    }

    [Fact]
    public async Task HandlerWithoutEnd_IsCancelled_AndGivesTheKeyBack()
    {
        var instance = await StartAsync(context => _handled == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Ok(context));
        var first = instance.SendAsync("a", "key");
        await Eventually.HoldsAsync("the handler", () => _handled == 1 && _time.IsTiming(TimeSpan.FromMinutes(5)));

        _time.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(200, (await instance.SendAsync("a", "key")).Status);
    }

    [Fact]
    public async Task Retention_Ends()
    {
        var instance = await StartAsync(settings: ("IDEMPOTENCY_RETENTION_SEC", "300"));
        await instance.SendAsync("a", "key");
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.True((await instance.SendAsync("a", "key")).IsReplayed);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False((await instance.SendAsync("a", "key")).IsReplayed);
    }

    [Fact]
    public async Task LongAnswer_GoesOutWhole_IsNotKept_AndTakesEffectOnce()
    {
        var chunk = new byte[50_000];
        Random.Shared.NextBytes(chunk);
        var instance = await StartAsync(async context =>
        {
            for (var n = 0; n < 8; n++)
                await context.Response.Body.WriteAsync(chunk);
        });

        var first = await instance.SendAsync("a", "key");
        var again = await instance.SendAsync("a", "key");

        Assert.Equal(Enumerable.Repeat(chunk, 8).SelectMany(one => one), first.Bytes);
        Assert.Equal((409, "IDEMPOTENCY_ANSWER_NOT_KEPT", 1), (again.Status, again.Code, _handled));
    }

    [Fact]
    public async Task LongBody_IsRefused_WhetherItsLengthIsToldOrNot()
    {
        var instance = await StartAsync();

        var refused = await instance.SendAsync("a", "key", new string('x', (1024 * 1024) + 1));
        var longest = await instance.SendAsync("a", "key", new string('x', 1024 * 1024));

        Assert.Equal((413, "IDEMPOTENCY_BODY_TOO_LARGE"), (refused.Status, refused.Code));
        Assert.Equal(200, longest.Status);
    }

    [Fact]
    public async Task Body_ReachesTheHandler()
    {
        var instance = await StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });

        Assert.Equal("""{ "n" : 1 }""", (await instance.SendAsync("a", "key", """{ "n" : 1 }""")).Text);
        Assert.Equal(string.Empty, (await instance.SendAsync("a", "other", body: null)).Text);
    }

    [Theory]
    [InlineData("refuse", 503)]
    [InlineData("proceed", 200)]
    public async Task ValkeyAway_RequestsWithAKey_AreRefusedOrUncovered_AndOthersGoOn(string choice, int expected)
    {
        using var outcomes = new Outcomes("http.idempotency.requests");
        var instance = await StartAsync(settings: ("IDEMPOTENCY_WITHOUT_VALKEY", choice));
        _valkey.IsUnavailable = true;

        var with = await instance.SendAsync("a", "key");
        Assert.Equal(200, (await instance.SendAsync("a")).Status);

        Assert.Equal(expected, with.Status);
        Assert.Equal(expected == 503 ? 1 : 2, _handled);
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
            _valkey.IsUnavailable = true;
            return Ok(context);
        });

        Assert.Equal(200, (await instance.SendAsync("a", "key")).Status);
        await Eventually.HoldsAsync("the next try", () => _time.IsTiming(TimeSpan.FromSeconds(1)));
        _valkey.IsUnavailable = false;
        Assert.Equal(409, (await instance.SendAsync("a", "key")).Status);
        _time.Advance(TimeSpan.FromSeconds(1));

        var again = await Eventually.BecomesAsync("the answer", () => instance.SendAsync("a", "key"), answer => answer.Status == 200);
        Assert.Equal((true, 1), (again.IsReplayed, _handled));
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
        var instance = await Instance.StartAsync(context => Handle(context, Ok), _valkey, time: _time, isProtected: isProtected);
        _instances.Add(instance);
        await _valkey.SetAsync("idempotency:a:key", Encoding.UTF8.GetBytes(rubbish), TimeSpan.FromMinutes(1));

        Assert.Equal((503, 0), ((await instance.SendAsync("a", "key")).Status, _handled));
    }

    [Fact]
    public async Task SealedRecord_OfAnotherKey_IsNotBelieved_AndOfItsOwnIs()
    {
        var instance = await Instance.StartAsync(context => Handle(context, Ok), _valkey, time: _time, isProtected: true);
        _instances.Add(instance);
        await instance.SendAsync("a", "key");
        Assert.True((await instance.SendAsync("a", "key")).IsReplayed);
        await _valkey.SetAsync("idempotency:a:other", (await _valkey.GetAsync("idempotency:a:key"))!, TimeSpan.FromMinutes(1));

        Assert.Equal(503, (await instance.SendAsync("a", "other")).Status);
    }

    [Fact]
    public async Task SwitchedOff_KeysAreNotLookedAt()
    {
        var instance = await StartAsync(settings: ("IDEMPOTENCY_ENABLED", "false"));
        await instance.SendAsync("a", "key");
        await instance.SendAsync("a", "key");

        Assert.Equal(2, _handled);
    }

    [Fact]
    public async Task KeysInValkey_HoldNothingOdd()
    {
        var instance = await StartAsync();
        await instance.SendAsync("a:b", "c:d");
        await instance.SendAsync("plain", "018f4e2a-5a7c-7000-8000-000000000000");

        Assert.Contains("idempotency:plain:018f4e2a-5a7c-7000-8000-000000000000", await _valkey.ScanAsync("*").ToListAsync());
        Assert.Contains(
            await _valkey.ScanAsync("*").ToListAsync(),
            key => System.Text.RegularExpressions.Regex.IsMatch(key, "^idempotency:sha256-[0-9a-f]{64}:sha256-[0-9a-f]{64}$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
    }

    private static Task Ok(HttpContext context) => context.Response.WriteAsync("ok");

    private Task Handle(HttpContext context, RequestDelegate handler)
    {
        Interlocked.Increment(ref _handled);
        return handler(context);
    }

    private async Task<Instance> StartAsync(RequestDelegate? handler = null, params (string Name, string Value)[] settings)
    {
        var instance = await Instance.StartAsync(context => Handle(context, handler ?? Ok), _valkey, time: _time, settings: settings);
        _instances.Add(instance);
        return instance;
    }

    private async Task RefusedAsync(string key)
    {
        var instance = await StartAsync();

        var refused = await instance.SendAsync("a", key);

        Assert.Equal((400, "INVALID_IDEMPOTENCY_KEY", 0), (refused.Status, refused.Code, _handled));
    }
}
