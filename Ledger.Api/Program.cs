using Ledger.Api.Accounts;
using Ledger.Api.Assets;
using Ledger.Api.Balances;
using Ledger.Api.Errors;
using Ledger.Api.Ledgers;
using Ledger.Api.Organizations;
using Ledger.Api.Reference;
using Ledger.Api.Transactions;
using TenantManager.Client;
using TenantManager.Client.Reference;
using TenantPlatform.HttpGuards.RateLimiting;
using TenantPlatform.ServiceDefaults;
using TenantPlatform.ServiceKit.Guards;
using TenantPlatform.ServiceKit.Migrations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddTenantManagerClient();
builder.AddReferenceData();
builder.AddTenantRateLimits("ledger");
builder.Services.AddOpenApi();
builder.Services.AddSingleton<AssetCodes>();
builder.Services.AddTenantMigrations(typeof(Program).Assembly);
Ledger.Api.LedgerJson.Configure(builder.Services);

var app = builder.Build();
app.UseRouting();
app.UseLedgerErrors();
app.UseTenantResolution();
app.UseSharedRateLimits();

app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapReferenceData();
app.MapOrganizations();
app.MapLedgers();
app.MapAssets();
app.MapAccounts();
app.MapBalances();
app.MapTransactions();
app.MapTenantDiagnostics();

await app.RunAsync();

namespace Ledger.Api
{
    /// <summary>The service's entry point, named so that tests can host it.</summary>
    public partial class Program;
}
