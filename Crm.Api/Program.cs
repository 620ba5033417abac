using Crm.Api;
using Crm.Api.Accounts;
using Crm.Api.Encryption;
using Crm.Api.Guards;
using Crm.Api.Holders;
using Crm.Api.Ledgers;
using Crm.Api.Rotation;
using TenantManager.Client;
using TenantManager.Client.Reference;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;
using TenantPlatform.ServiceDefaults;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Guards;
using TenantPlatform.ServiceKit.Migrations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddTenantManagerClient();
builder.AddReferenceData();
builder.AddTenantRateLimits("crm");
builder.AddSealedIdempotency();
builder.Services.AddOpenApi();
builder.Services.AddTenantMigrations(typeof(Program).Assembly);
builder.AddEncryption(); // after the migrations: a tenant's first key needs its table
builder.AddLedger();
builder.Services.AddSingleton<Countries>();
CrmJson.Configure(builder.Services);

var app = builder.Build();
app.UseRouting();
app.UseApiErrors();
app.UsePrivateAnswers();
app.UseTenantResolution();
app.UseSharedRateLimits();
app.UseIdempotency();

app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapHolders();
app.MapHolderAccounts();
app.MapKeyOperations();
app.MapTenantDiagnostics();

await app.RunAsync();

namespace Crm.Api
{
    /// <summary>The service's entry point, named so that tests can host it.</summary>
    public partial class Program;
}
