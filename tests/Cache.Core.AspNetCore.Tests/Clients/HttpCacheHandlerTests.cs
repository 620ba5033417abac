using System.Collections.Concurrent;
using System.Net;
using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Clients;

public sealed class HttpCacheHandlerTests
{
    [Fact]
    public async Task Hit_TellsWhatWasDone_AndItsAge()
    {
        await using var cache = await ClientHost.StartAsync();
        Assert.Contains("fwd=uri-miss", (await cache.GetAsync())["Cache-Status"], StringComparison.Ordinal);
        cache.Pass(7);
        var hit = await HitAsync(cache);
        Assert.Equal("7", hit["Age"]);
        Assert.StartsWith("cache-core-client; hit", hit["Cache-Status"], StringComparison.Ordinal);
        Assert.Null(hit["X-Cache"]);
    }

    [Fact]
    public async Task Body_IsReadWhileItComes_AndServedAsItCame()
    {
        await using var cache = await ClientHost.StartAsync();
        var text = string.Concat(Enumerable.Range(0, 2_000_000).Select(static n => (char)('a' + (n * 7 % 26))));
        TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            await context.Response.WriteAsync(text[..1000]);
            await context.Response.Body.FlushAsync();
            await rest.Task;
            await context.Response.WriteAsync(text[1000..]);
        };
        using (var live = await cache.Client.GetAsync(new Uri("/a", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            using StreamReader reader = new(await live.Content.ReadAsStreamAsync());
            var first = new char[1000];
            await reader.ReadBlockAsync(first);
            Assert.Equal(text[..1000], new string(first));
            rest.SetResult();
            Assert.Equal(text[1000..], await reader.ReadToEndAsync());
        }

        Assert.Equal(text, (await HitAsync(cache)).Body);
    }

    [Fact]
    public async Task Body_ThatIsGivenUp_IsStoredAllTheSame_AndOneTooLongEndsTheExchange()
    {
        await using var cache = await ClientHost.StartAsync(static options => options.LargestBody = 1_000_000);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            context.RequestAborted.Register(ended.SetResult);
            for (var n = 0; n < (context.Request.Path == "/short" ? 2 : int.MaxValue); n++)
                await context.Response.WriteAsync(new string('x', 100_000), context.RequestAborted);
        };
        (await cache.Client.GetAsync(new Uri("/short", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)).Dispose();
        Assert.Equal(200_000, (await HitAsync(cache, "/short")).Body.Length);
        (await cache.Client.GetAsync(new Uri("/endless", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)).Dispose();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Body_ThatBreaksOff_FailsTheReader_AndIsNotStored()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Answer = static async (context, number) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            await context.Response.WriteAsync("half");
            if (number == 1)
                throw new IOException("the server broke off");
        };
        await Assert.ThrowsAnyAsync<Exception>(() => cache.GetAsync());
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Head_HasItsLength_AndNoBody()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("0123456789", ("Cache-Control", "max-age=60"));
        Assert.Equal(("10", string.Empty), await cache.SendAsync(HttpMethod.Head, "/a") is var live ? (live["Content-Length"], live.Body) : default);
        await cache.GetAsync();
        await HitAsync(cache);
        Assert.Equal(("10", string.Empty), await cache.SendAsync(HttpMethod.Head, "/a") is var stored ? (stored["Content-Length"], stored.Body) : default);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Post_GoesAsItIs_WithItsBodyAndItsAnswers()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Answer = static async (context, _) => await context.Request.Body.CopyToAsync(context.Response.Body);
        using var answer = await cache.Client.PostAsync(new Uri("/a", UriKind.Relative), new StringContent("hello"));
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
        Assert.Equal("http://server.example/a", answer.RequestMessage?.RequestUri?.AbsoluteUri);
    }

    /// <summary>Nobody follows the answer through the cache; whoever reads it must not find it given up for that.</summary>
    [Fact]
    public async Task Post_IsNotGivenUp_OnceItsAnswerIsThere()
    {
        ConcurrentBag<CancellationToken> asked = [];
        await using var cache = await ClientHost.StartAsync(beside: () => new Noting(asked));
        for (var n = 0; n < 500; n++)
            (await cache.Client.PostAsync(new Uri("/a", UriKind.Relative), new StringContent("hello"))).Dispose();
        Assert.Equal(500, asked.Count);
        Assert.DoesNotContain(asked, static token => token.IsCancellationRequested);
    }

    [Fact]
    public async Task Collapsed_ManyAtOnce_AskTheServerOnce()
    {
        await using var cache = await ClientHost.StartAsync();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Origin.Answer = async (context, number) =>
        {
            asked.TrySetResult();
            await go.Task;
            await Origin.Text(context, number.ToString(), ("Cache-Control", "max-age=60"));
        };
        var answers = Enumerable.Range(0, 10).Select(_ => cache.GetAsync()).ToArray();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        go.SetResult();
        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal("1", answer.Body));
        Assert.Equal(1, cache.Origin.Count);
    }

    /// <summary>What a redirect leads to may be fresh for a year; where it leads to is decided anew each time.</summary>
    [Fact]
    public async Task Redirect_ThatIsFollowedBelow_IsNotStoredUnderTheFirstAddress()
    {
        await using var cache = await ClientHost.StartAsync(beside: static () => new Following());
        await cache.GetAsync();
        Assert.Equal("2", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Failure_IsTheNextHandlersOwn()
    {
        await using var cache = await ClientHost.StartAsync(beside: static () => new Failing());
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => cache.GetAsync());
        Assert.Equal(HttpRequestError.NameResolutionError, failure.HttpRequestError);
    }

    [Fact]
    public async Task Cancelled_EndsTheWait()
    {
        await using var cache = await ClientHost.StartAsync();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Origin.Answer = async (_, _) =>
        {
            asked.TrySetResult();
            await go.Task;
        };
        using CancellationTokenSource given = new();
        var waiting = cache.Client.GetAsync(new Uri("/a", UriKind.Relative), given.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        go.SetResult();
    }

    [Fact]
    public async Task Purged_IsAskedForAnew()
    {
        await using var cache = await ClientHost.StartAsync();
        await cache.GetAsync();
        await HitAsync(cache);
        await cache.Purger.PurgePrefixAsync(new Uri("http://server.example/"));
        Assert.Equal("2", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Keys_OfDifferentTargetsAndServers_AreDifferent()
    {
        await using var cache = await ClientHost.StartAsync();
        await cache.GetAsync("/a/b");
        Assert.Equal("2", (await cache.GetAsync("/a%2Fb")).Body);
        Assert.Equal("3", (await cache.GetAsync("http://other.example/a/b")).Body);
        Assert.Equal("4", (await cache.GetAsync("http://other.example/a/b", ("Host", "server.example"))).Body);
    }

    [Fact]
    public async Task Send_IsRefused()
    {
        await using var cache = await ClientHost.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/a");
        Assert.Throws<NotSupportedException>(() => cache.Client.Send(request));
    }

    [Fact]
    public void Registration_ThatIsWrong_IsRefused_AndNamed()
    {
        var client = new ServiceCollection().AddHttpClient("prices");
        Assert.Contains("UserOf", Assert.Throws<InvalidOperationException>(() => client.AddHttpCache(static options => options.PartitionOf = static _ => "x")).Message, StringComparison.Ordinal);
        client.AddHttpCache();
        Assert.Contains("prices", Assert.Throws<InvalidOperationException>(() => client.AddHttpCache()).Message, StringComparison.Ordinal);
    }

    private static Task<Answer> HitAsync(ClientHost cache, string path = "/a") => Eventually.BecomesAsync(
        "it is stored", () => cache.GetAsync(path, ("Cache-Control", "only-if-cached")), static answer => answer.Status != 504);

    private sealed class Following : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using HttpRequestMessage next = new(request.Method, "http://server.example/elsewhere");
            var answer = await base.SendAsync(next, cancellationToken);
            answer.RequestMessage = next;
            return answer;
        }
    }

    /// <summary>Answers at once, and notes by what it could have been given up.</summary>
    private sealed class Noting(ConcurrentBag<CancellationToken> tokens) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            tokens.Add(cancellationToken);
            await Task.Yield();
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    private sealed class Failing : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such server");
    }
}
