using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Hosting.Dashboard;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Dashboard;

public sealed class EventStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stream_WithNothingToTell_BeginsAtOnce()
    {
        using var stopping = new CancellationTokenSource();
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var body = new Pipe();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Response.Body = body.Writer.AsStream();

        // The clock stands still: no ping comes by time.
        var stream = EventStream.Follow(
            new Signal(), _ => ValueTask.FromResult<SseItem<string>?>(null), TimeSpan.Zero, new FakeTimeProvider(), CancellationToken.None, stopping.Token)
            .ExecuteAsync(context);

        using var limit = new CancellationTokenSource(Limit);
        await using var events = SseParser.Create(body.Reader.AsStream()).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("ping", events.Current.EventType);

        await stopping.CancelAsync();
        await stream.WaitAsync(Limit);
    }
}
