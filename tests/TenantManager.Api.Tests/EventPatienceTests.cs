using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests;

/// <summary>How long is waited for a Valkey that does as the test says, in a time that passes when the test says.</summary>
[Collection(ManagerCollection.Name)]
public sealed class EventPatienceTests(ManagerHost host)
{
    [Fact]
    public async Task Answer_WhileValkeySaysNothing_ComesAfterASecond_AndTheEventWhenValkeyIsBack()
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        var valkey = new GatedPubSub();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var manager = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)])
            .WithWebHostBuilder(web => web.ConfigureTestServices(services => services.AddSingleton<IPubSub>(valkey).AddSingleton<TimeProvider>(time)));
        using var client = manager.CreateClient();

        var creating = host.SendAsync(HttpMethod.Post, "/v1/tenants", ManagerHost.NewTenant(), client);
        var first = await valkey.NextAsync();
        Assert.False(creating.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(201, (await creating.WaitAsync(TimeSpan.FromSeconds(60))).Status);
        Assert.Equal(1, await host.CountAsync("waiting_events", state));

        // No time passes from here on: nothing but the connection's return can be why it is sent again so often.
        first.SetException(new CacheUnavailableException("It is away."));
        for (var attempt = 0; attempt < 4; attempt++)
        {
            valkey.ComeBack();
            (await valkey.NextAsync()).SetException(new CacheUnavailableException("It is away again."));
        }

        valkey.ComeBack();
        (await valkey.NextAsync()).SetResult(1);
        await Eventually.HoldsAsync("nothing waits", async () => await host.CountAsync("waiting_events", state) == 0);
    }
}
