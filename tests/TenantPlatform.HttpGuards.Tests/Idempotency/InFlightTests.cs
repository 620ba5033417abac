using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>B7: an idempotency key whose request is under way, has failed, or has lost its holder.</summary>
[Collection(GuardCollection.Name)]
public sealed class InFlightTests : IdempotencyScene
{
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
            context.Response.StatusCode = Handled == 1 ? status : 200;
            return context.Response.WriteAsync("answer");
        });

        Assert.Equal(status, (await instance.SendAsync("a", "key", """{"wrong":1}""")).Status);
        var corrected = await instance.SendAsync("a", "key", """{"right":1}""");

        Assert.Equal((200, false, 2), (corrected.Status, corrected.IsReplayed, Handled));
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

        Assert.Equal(2, Handled);
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
        Assert.Equal(1, Handled);
    }

    /// <summary>A request longer than a lease keeps its key, because it is renewed.</summary>
    [Fact]
    public async Task LongRequest_KeepsItsKey()
    {
        var gate = new Gate();
        var renewed = 0;
        Valkey.AfterCall = (command, _) =>
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
            Time.Advance(TimeSpan.FromSeconds(10));
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
        var record = Assert.Single(await Valkey.ScanAsync("idempotency:*").ToListAsync());
        var held = (await Valkey.GetAsync(record))!;

        // Valkey as that process left it, and another process.
        var valkey = new InMemoryCacheClient(Time);
        await valkey.SetAsync(record, held, TimeSpan.FromSeconds(30));
        var instance = await Instance.StartAsync(context => Handle(context, Ok), valkey, time: Time);
        Instances.Add(instance);
        Assert.Equal(409, (await instance.SendAsync("a", "key")).Status);
        Time.Advance(TimeSpan.FromSeconds(30));

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
            var number = Handled;
            if (number == 1)
                await gate.PassAsync(CancellationToken.None);
            context.Response.StatusCode = number == 1 ? status : 200;
            await context.Response.WriteAsync($"{number}");
        });
        var first = instance.SendAsync("a", "key");
        await gate.ReachedAsync();
        var record = Assert.Single(await Valkey.ScanAsync("idempotency:*").ToListAsync());
        await Valkey.DeleteAsync([record]);

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

        Assert.Equal(("done", true, 1, false), (again.Text, again.IsReplayed, Handled, wasCancelled));
    }

    [Fact]
    public async Task HandlerWithoutEnd_IsCancelled_AndGivesTheKeyBack()
    {
        var instance = await StartAsync(context => Handled == 1 ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Ok(context));
        var first = instance.SendAsync("a", "key");
        await Eventually.HoldsAsync("the handler", () => Handled == 1 && Time.IsTiming(TimeSpan.FromMinutes(5)));

        Time.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(200, (await instance.SendAsync("a", "key")).Status);
    }
}
