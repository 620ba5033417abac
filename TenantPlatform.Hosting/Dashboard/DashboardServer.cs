using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Hosting.Dashboard.Assets;
using TenantPlatform.Hosting.Dashboard.Console;
using TenantPlatform.Hosting.Dashboard.Resources;
using TenantPlatform.Hosting.Dashboard.Security;

namespace TenantPlatform.Hosting.Dashboard;

/// <summary>
/// Serves the dashboard on loopback. Start it before the resources, so that it sees their first lines. Safe for concurrent use.
/// <code>
/// request ─▶ DashboardGate (host, headers, cookie, origin) ─▶ routing ─▶ StreamLimit ─▶ /login · /api/… · assets · pages
/// </code>
/// </summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private const int LargestBody = 64 * 1024;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly DashboardOptions _options;
    private readonly ResourceBoard _resources;
    private readonly ConsoleBoard _console;
    private readonly CommandDesk _commands;
    private readonly Action<IServiceCollection>? _addServices;
    private readonly Action<IEndpointRouteBuilder>? _mapMore;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _web;
    private Task _watching = Task.CompletedTask;

    /// <summary>Creates a server that does not listen yet.</summary>
    /// <param name="options">How it is served.</param>
    /// <param name="model">What is shown.</param>
    /// <param name="notifications">Tells states.</param>
    /// <param name="logs">Tells what the resources write.</param>
    /// <param name="commands">What can be done to resources.</param>
    /// <param name="time">Stamps console lines.</param>
    /// <param name="addServices">Adds what those endpoints need.</param>
    /// <param name="mapMore">Adds endpoints, such as the telemetry's, behind the same gate.</param>
    public DashboardServer(
        DashboardOptions options,
        DistributedApplicationModel model,
        ResourceNotificationService notifications,
        ResourceLoggerService logs,
        ResourceCommandService commands,
        TimeProvider time,
        Action<IServiceCollection>? addServices = null,
        Action<IEndpointRouteBuilder>? mapMore = null)
    {
        _options = options;
        _commands = new CommandDesk(commands);
        _addServices = addServices;
        _mapMore = mapMore;
        _console = new ConsoleBoard(logs, time);
        var execution = new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run);
        _resources = new ResourceBoard(model, notifications, new ResourceViews(_console, new ResourceRelations(execution)), time);
    }

    /// <summary>Where it is served; known once it has started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The address that lets a browser in. Holds the token: print it, log it nowhere.</summary>
    public Uri LoginAddress => _options.AllowAnonymous ? Address : new Uri(Address, $"/login?t={Uri.EscapeDataString(_options.Token)}");

    /// <summary>Begins to listen and to watch the resources.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Empty: nothing of the AppHost's environment, arguments or settings files reaches this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Listen(IPAddress.Loopback, _options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => DashboardJson.Configure(json.SerializerOptions));
        builder.Services.AddSingleton(_resources.Time);
        _addServices?.Invoke(builder.Services);

        var web = builder.Build();
        web.Use(new DashboardGate(_options).InvokeAsync);
        web.UseRouting();
        web.Use(new StreamLimit().InvokeAsync);
        LoginApi.Map(web, _options);
        ResourcesApi.Map(web, _resources, _commands, _stopping.Token);
        ConsoleApi.Map(web, _console, _resources, _stopping.Token);
        _mapMore?.Invoke(web);
        DashboardAssets.Map(web, _options);

        _watching = Task.WhenAll(_resources.RunAsync(_console.Attend, _stopping.Token), _console.RunAsync(_stopping.Token));
        await web.StartAsync(cancellationToken);
        _web = web;
        Address = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Ends every stream and stops listening.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        if (_web is { } web)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StopLimit);
            await web.StopAsync(limit.Token);
            await web.DisposeAsync();
        }

        await _watching.WaitAsync(StopLimit, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }
}
