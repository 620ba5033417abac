using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>B7: several instances over one real Valkey handle a key once.</summary>
[Collection(GuardCollection.Name)]
public sealed class SharedKeyTests(ValkeyFixture valkey)
{
    private readonly string _caller = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task ConcurrentDuplicates_OverTwoInstances_AreHandledOnce_AndAllAreTold()
    {
        var handled = 0;
        Task HandleAsync(HttpContext context)
        {
            Interlocked.Increment(ref handled);
            return context.Response.WriteAsync($"thing {Guid.NewGuid()}");
        }

        await using var one = await StartAsync(HandleAsync);
        await using var two = await StartAsync(HandleAsync);
        const int Keys = 20;

        var answers = await Task.WhenAll(Enumerable.Range(0, Keys * 10).Select(async n =>
        {
            var instance = n % 2 == 0 ? one : two;
            var answer = await Eventually.BecomesAsync("an answer", () => instance.SendAsync(_caller, $"key-{n % Keys}"), answer => answer.Status != 409);
            return (Key: n % Keys, Answer: answer);
        }));

        Assert.Equal(Keys, handled);
        Assert.All(answers, answer => Assert.Equal(200, answer.Answer.Status));
        Assert.All(answers.GroupBy(answer => answer.Key), same => Assert.Single(same.Select(one => one.Answer.Text).Distinct()));
        Assert.Equal(Keys, answers.Count(answer => !answer.Answer.IsReplayed));
    }

    [Fact]
    public async Task Records_LiveAsLongAsTheyShould()
    {
        var gate = new Gate();
        await using var instance = await StartAsync(async context =>
        {
            await gate.PassAsync(CancellationToken.None);
            await context.Response.WriteAsync("secret-answer");
        });
        var first = instance.SendAsync(_caller, "key");
        await gate.ReachedAsync();
        Assert.InRange((long)(await valkey.ExecuteAsync("PTTL", $"idempotency:{_caller}:key"))!, 1, 30_000);
        gate.Open();
        await first;

        Assert.InRange((long)(await valkey.ExecuteAsync("PTTL", $"idempotency:{_caller}:key"))!, 604_000_000, 604_800_000);
    }

    private Task<Instance> StartAsync(RequestDelegate handler) => Instance.StartAsync(handler, connection: valkey.ConnectionString);
}
