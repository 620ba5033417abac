using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Answering;

/// <summary>What a hit allocates, counted for the one thread that it runs on from its beginning to its end.</summary>
public sealed class HitAllocationTests
{
    private const int Hits = 100;

    [Fact]
    public Task Hit_OfOnePiece_AllocatesTheSameForEachSize() => AllocateTheSameAsync(1024, 64 * 1024);

    [Fact]
    public Task Hit_OfSeveralPieces_AllocatesTheSameForEachSize() => AllocateTheSameAsync(400 * 1024, 4 * 1024 * 1024);

    /// <summary>The runtime compiles anew what runs often, at a time of its own, and that allocates less: so it is counted until it has settled.</summary>
    private static Task<long> AllocateTheSameAsync(int small, int large) => Eventually.BecomesAsync(
        "both allocate the same",
        async () => await AllocatedByAsync(large) - await AllocatedByAsync(small),
        static difference => difference is >= -16 and <= 16);

    /// <summary>Bytes for each hit, those of the context included, which are the same for all.</summary>
    private static async Task<long> AllocatedByAsync(int size)
    {
        var body = new byte[size];
        await using var services = new ServiceCollection().AddLogging().AddHttpCache().BuildServiceProvider();
        ApplicationBuilder app = new(services);
        app.UseHttpCache();
        app.Run(context =>
        {
            context.Response.Headers.CacheControl = "max-age=3600";
            context.Response.ContentLength = size;
            return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        });
        var pipeline = app.Build();
        await StoredAsync(pipeline, services);
        long before = 0;
        for (var n = -Hits; n < Hits; n++)
        {
            if (n == 0)
                before = GC.GetAllocatedBytesForCurrentThread();
            var (context, sent) = Request(services);
            Assert.True(pipeline(context).IsCompletedSuccessfully);
            Assert.Equal(size, sent.Written);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Hits;
    }

    private static Task StoredAsync(RequestDelegate pipeline, IServiceProvider services) => Eventually.HoldsAsync("the answer is stored", async () =>
    {
        var (context, _) = Request(services);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        await pipeline(context);
        return context.Response.Headers["X-Cache"] == "HIT";
    });

    private static (HttpContext Context, DiscardingBody Sent) Request(IServiceProvider services)
    {
        DefaultHttpContext context = new() { RequestServices = services };
        DiscardingBody sent = new();
        context.Features.Set<IHttpResponseBodyFeature>(sent);
        context.Request.Method = "GET";
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("example.org");
        context.Request.Path = "/a";
        return (context, sent);
    }
}
