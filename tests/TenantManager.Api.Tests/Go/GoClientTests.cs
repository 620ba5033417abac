using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;
using TenantPlatform.TestKit.Go;

namespace TenantManager.Api.Tests.Go;

/// <summary>F7: a client written in Go talks to this tenant-manager, and hears its events. Nothing of Go runs: its bytes are replayed.</summary>
[Collection(ManagerCollection.Name)]
public sealed class GoClientTests(ManagerHost host)
{
    [Fact]
    public async Task F7_ExchangesOfLibCommons_AreAnsweredAsItsClientReadsThem_AndItsListenerIsToldOfThem()
    {
        await using var listener = await EventListener.StartAsync(host.Valkey.ConnectionString, "test");
        await using var factory = host.CreateFactory();
        factory.UseKestrel(0);
        factory.StartServer();
        var address = new Uri(factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var known = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = address.Authority,
            ["key"] = ManagerHost.ApiKey,
            ["token"] = ManagerHost.AdminToken,
            ["slug"] = $"go-{Guid.NewGuid():N}",
        };

        await using var connection = await GoConnection.OpenAsync(address);
        foreach (var exchange in GoExchange.All())
        {
            var (status, body) = await connection.SendAsync(exchange.Request(known));
            exchange.Check(status, body, known);
        }

        await Eventually.HoldsAsync("The last event", () => listener.TypesOf(known["id"]).Contains("tenant.service.reactivated"));
        var heard = listener.Of(known["id"]);
        Assert.Equal(
            ["tenant.created", "tenant.service.associated", "tenant.service.suspended", "tenant.service.reactivated"],
            heard.Select(one => one.GetProperty("event_type").GetString()!).Where(type => type != "tenant.activated"));
        Assert.All(heard, one => AssertSameInGo(LibCommons.Event, one));
        Assert.All(heard.Where(one => one.TryGetProperty("payload", out _)), one => AssertSameInGo(LibCommons.Payloads[one.GetProperty("event_type").GetString()!], one.GetProperty("payload")));
    }

    /// <summary>That Go's structure has a field for whatever we send, of its kind.</summary>
    private static void AssertSameInGo(GoType type, JsonElement sent)
    {
        using var read = JsonDocument.Parse(type.Remarshal(sent.GetRawText()));

        Assert.Equal(sent.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal), read.RootElement.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
    }
}
