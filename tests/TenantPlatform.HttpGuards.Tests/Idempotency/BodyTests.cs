using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>B7: the bodies of requests and answers under an idempotency key.</summary>
[Collection(GuardCollection.Name)]
public sealed class BodyTests : IdempotencyScene
{
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
        Assert.Equal((409, "IDEMPOTENCY_ANSWER_NOT_KEPT", 1), (again.Status, again.Code, Handled));
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
}
