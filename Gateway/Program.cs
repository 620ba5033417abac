using Cache.Core;
using Cache.Core.AspNetCore;
using Cache.Core.Valkey;
using Gateway.Configuration;
using Gateway.Diagnostics;
using Gateway.Interim;
using Gateway.Proxying;
using Gateway.Purging;
using TenantManager.Client;
using TenantManager.Client.Pods;
using TenantPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var settings = GatewaySettings.Read(builder.Configuration);
if (settings.HasTenants)
{
    builder.AddTenantManagerClient(static client => client.ListAs("gateway"));
    builder.Services.AddTenantAdmission();
    builder.Services.AddSingleton<IRouteReporter, RouteFigures>();
}
else if (ValkeySettings.IsConfigured(builder.Configuration))
{
    builder.Services.AddValkey(builder.Configuration);
}

builder.Services.AddHttpCache(settings.Apply);
builder.AddProxy(settings);

var app = builder.Build();
app.UseConnectionFields();
app.UseInterimResponses();
app.UseRouting();
if (settings.HasTenants)
    app.UseTenantAdmission();
app.UseWhen(static context => context.IsProxied(), static proxied => proxied.UseHttpCache());
app.UseInterimResponsesOfOrigin();

app.MapDefaultEndpoints();
app.MapPurge(settings);
if (settings.HasTenants)
    app.MapTenantDiagnostics();
app.MapProxy(settings);

await app.RunAsync();

namespace Gateway
{
    /// <summary>The service's entry point, named so that tests can host it.</summary>
    public partial class Program;
}
