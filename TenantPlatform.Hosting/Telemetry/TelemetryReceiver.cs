using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry;

/// <summary>
/// The server on loopback that resources send their telemetry to. Apart from the dashboard's: its callers are programs
/// with a key, not browsers with a cookie, and a flood of theirs must not hold up a page.
/// </summary>
internal sealed class TelemetryReceiver(string apiKey, TelemetryStore store) : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private WebApplication? _web;

    /// <summary>Where it is; known once it has started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Where it speaks gRPC; known once it has started.</summary>
    public Uri GrpcAddress { get; private set; } = new("http://127.0.0.1:0");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);

            // Without TLS nobody can choose between the two versions of HTTP on one port.
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddTelemetry(new TelemetryOptions { ApiKey = apiKey }).Replace(ServiceDescriptor.Singleton(store));
        var web = builder.Build();
        web.UseRouting();
        web.MapOtlp();
        await web.StartAsync(cancellationToken);
        _web = web;
        var addresses = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        (Address, GrpcAddress) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _web, null) is not { } web)
            return;
        using var limit = new CancellationTokenSource(StopLimit);
        await web.StopAsync(limit.Token);
        await web.DisposeAsync();
    }
}
