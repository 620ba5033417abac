using System.Text.Json;
using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>Hears every lifecycle event of an environment, in order.</summary>
internal sealed class EventListener : IAsyncDisposable
{
    private readonly List<JsonElement> _heard = [];
    private readonly ServiceProvider _services;
    private IAsyncDisposable? _subscription;

    private EventListener(string valkey) => _services = new ServiceCollection()
        .AddLogging()
        .AddValkey(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:valkey", (string?)valkey)]).Build())
        .BuildServiceProvider();

    public static async Task<EventListener> StartAsync(string valkey, string environment)
    {
        var listener = new EventListener(valkey);
        listener._subscription = await listener._services.GetRequiredService<IPubSub>().SubscribeAsync(TenantEventChannel.For(environment), listener.HearAsync);
        return listener;
    }

    /// <summary>What was heard of a tenant.</summary>
    public IReadOnlyList<JsonElement> Of(string tenant)
    {
        lock (_heard)
            return [.. _heard.Where(happened => happened.GetProperty("tenant_id").GetString() == tenant)];
    }

    /// <summary>The types of what was heard of a tenant.</summary>
    public IEnumerable<string?> TypesOf(string tenant) => Of(tenant).Select(happened => happened.GetProperty("event_type").GetString());

    public void Forget()
    {
        lock (_heard)
            _heard.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
        await _services.DisposeAsync();
    }

    private ValueTask HearAsync(ReadOnlyMemory<byte> message)
    {
        lock (_heard)
            _heard.Add(JsonDocument.Parse(message).RootElement);
        return ValueTask.CompletedTask;
    }
}
