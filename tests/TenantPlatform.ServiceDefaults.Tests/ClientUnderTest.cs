using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests;

/// <summary>An HttpClient as a service gets it from the factory, over a stub network and a fake clock.</summary>
internal sealed class ClientUnderTest : IDisposable
{
    private readonly IHost _host;

    public ClientUnderTest(StubHandler network, params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient("test").ConfigurePrimaryHttpMessageHandler(() => network);
        _host = builder.Build();
        Client = _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
    }

    public FakeTimeProvider Time { get; } = new();

    public HttpClient Client { get; }

    public async Task<T> AdvanceUntilDoneAsync<T>(Task<T> task)
    {
        await Eventually.HoldsAsync("the call ends", () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(250));
            return task.IsCompleted;
        });
        return await task;
    }

    public void Dispose()
    {
        Client.Dispose();
        _host.Dispose();
    }
}
