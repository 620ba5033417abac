using Cache.Core.Valkey;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>Instances of a service over the double of Valkey, with a clock that only the test moves.</summary>
public abstract class IdempotencyScene : IAsyncDisposable
{
    private int _handled;

    private protected IdempotencyScene() => Valkey = new InMemoryCacheClient(Time);

    private protected FakeTimeProvider Time { get; } = new();

    private protected InMemoryCacheClient Valkey { get; }

    private protected List<Instance> Instances { get; } = [];

    /// <summary>How many requests have reached their handler.</summary>
    private protected int Handled => Volatile.Read(ref _handled);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var instance in Instances)
            await instance.DisposeAsync();
    }

    private protected static Task Ok(HttpContext context) => context.Response.WriteAsync("ok");

    private protected Task Handle(HttpContext context, RequestDelegate handler)
    {
        Interlocked.Increment(ref _handled);
        return handler(context);
    }

    private protected async Task<Instance> StartAsync(RequestDelegate? handler = null, params (string Name, string Value)[] settings)
    {
        var instance = await Instance.StartAsync(context => Handle(context, handler ?? Ok), Valkey, time: Time, settings: settings);
        Instances.Add(instance);
        return instance;
    }
}
