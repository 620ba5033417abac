using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.FaultProxy;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Pods;

/// <summary>A way to a Valkey that can be taken away: the fault proxy, in this process, told what to do over HTTP.</summary>
internal sealed class ValkeyLink : IAsyncDisposable
{
    private readonly WebApplication _proxy;
    private readonly HttpClient _control;

    private ValkeyLink(WebApplication proxy, string connectionString)
    {
        (_proxy, ConnectionString) = (proxy, connectionString);
        _control = new HttpClient { BaseAddress = new Uri(proxy.Urls.Single()) };
    }

    public string ConnectionString { get; }

    public static async Task<ValkeyLink> StartAsync(ValkeyFixture valkey)
    {
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var proxy = FaultProxyHost.Build(
            [$"--FaultProxy:Links:valkey:Listen=127.0.0.1:{port}", $"--FaultProxy:Links:valkey:Target={valkey.Host}:{valkey.Port.ToString(CultureInfo.InvariantCulture)}"],
            builder =>
            {
                builder.WebHost.UseUrls("http://127.0.0.1:0");
                builder.Logging.ClearProviders();
            });
        await proxy.StartAsync();
        return new ValkeyLink(proxy, $"127.0.0.1:{port},password={valkey.Password}");
    }

    /// <summary>From now on nothing arrives on either side, and nobody is told.</summary>
    public Task BlackholeAsync() => SetAsync("blackhole");

    /// <summary>Connections of before end, and new ones are as they should be.</summary>
    public async Task HealAsync()
    {
        await SetAsync("reset");
        using var answer = await _control.DeleteAsync(new Uri("/links/valkey/fault", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _proxy.StopAsync();
        await _proxy.DisposeAsync();
    }

    private async Task SetAsync(string kind)
    {
        using var answer = await _control.PutAsJsonAsync(new Uri("/links/valkey/fault", UriKind.Relative), new { kind });
        answer.EnsureSuccessStatusCode();
    }
}
