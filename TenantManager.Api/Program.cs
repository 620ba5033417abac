using Cache.Core;
using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
using TenantManager.Api.CacheAdministration;
using TenantManager.Api.Changes;
using TenantManager.Api.Configuration;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Drills;
using TenantManager.Api.Errors;
using TenantManager.Api.Export;
using TenantManager.Api.Guards;
using TenantManager.Api.Keys;
using TenantManager.Api.Pods;
using TenantManager.Api.Reference;
using TenantManager.Api.Security;
using TenantManager.Api.Tenants;
using TenantManager.Api.TenantSettings;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;
using TenantPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOpenApiDescription();
builder.Services.AddValkey(builder.Configuration);
builder.AddTenantManager();
builder.AddGuards();

var app = builder.Build();
app.UseRouting();
app.UseTenantScope();
app.UseCallCounting();
app.UseApiErrors();
app.UseApiKeys();
app.UseSharedRateLimits();
app.UseIdempotency();
app.UseDrills();

app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapTenants();
app.MapTenantSettings();
app.MapAssociations();
app.MapExport();
app.MapApiKeys();
app.MapAudit();
app.MapOperatorNotes();
app.MapRateLimits();
app.MapChanges();
app.MapPods();
app.MapReferenceData();
app.MapCacheAdministration();
app.MapDiagnostics();
if (app.Environment.IsDevelopment())
{
    app.MapDevTokens();
    app.MapDrills();
}

await app.RunAsync();

namespace TenantManager.Api
{
    /// <summary>The service's entry point, named so that tests can host it.</summary>
    public partial class Program;
}
