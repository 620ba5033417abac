using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantPlatform.Drills;
using TenantPlatform.Servers;

var builder = DistributedApplication.CreateBuilder(args);

// What the parts share. Generated once, kept in this project's user secrets, never shown.
var serviceApiKey = builder.AddParameter("service-api-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
var tokenSigningKey = builder.AddParameter("token-signing-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);
var secretsKey = builder.AddParameter("secrets-key", new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);
var diagnosticsKey = builder.AddParameter("diagnostics-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
var revalidationInterval = builder.AddParameter("revalidation-interval", builder.Configuration["Parameters:revalidation-interval"] ?? "30");
var breakerTimeout = builder.AddParameter("breaker-timeout", builder.Configuration["Parameters:breaker-timeout"] ?? "30");
var ledgerPods = builder.Configuration.GetValue("Parameters:ledger-pods", 3);
var sparePods = builder.Configuration.GetValue("Parameters:ledger-spare-pods", 2);
var keepData = builder.Configuration.GetValue("Data:Keep", true);

// L2: one Valkey for all pods.
var valkey = builder.AddValkey("valkey").RunAsProcessWithoutEngine().WithValkeyDrills();

// The tenant-manager's state, and every tenant's own database.
var postgres = builder.AddPostgres("postgres").RunAsProcessWithoutEngine().WithDrills();
var state = postgres.AddDatabase("tenant-manager-state", "tenant_manager");

if (keepData)
{
    valkey.WithDataVolume();
    postgres.WithDataVolume();
}

// Owns the tenants: who they are, where their data is, whether they are to be served.
var tenantManager = builder.AddProject<Projects.TenantManager_Api>("tenant-manager", launchProfileName: null)
    .WithHttpEndpoint().WithDirectEndpoints().WithBuiltProgram()
    .WithReference(state, connectionName: "tenant-manager").WaitFor(state)
    .WithReference(postgres)
    .WithReference(valkey).WaitFor(valkey)
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
    .WithEnvironment("ENV_NAME", "local")
    .WithEnvironment("TENANT_MANAGER_API_KEYS", serviceApiKey)
    .WithEnvironment("TENANT_MANAGER_SECRETS_KEY", secretsKey)
    .WithEnvironment("AUTH_SIGNING_KEY", tokenSigningKey)
    .WithHttpHealthCheck("/health/ready")
    .WithDrills();

// What the pods depend on is reached through links that drills can cut, slow, reset or leave half open.
var links = builder.AddFaultProxy<Projects.TenantPlatform_FaultProxy>("links")
    .WithLink("valkey", valkey.Resource.PrimaryEndpoint)
    .WithLink("tenant-manager", tenantManager.GetEndpoint("http"));
var valkeyByLink = builder.AddConnectionString("valkey-by-link", ReferenceExpression.Create(
    $"{links.GetEndpoint("valkey").Property(EndpointProperty.HostAndPort)},password={valkey.Resource.PasswordParameter!}"));

// The pods. Each is a resource of its own, so that it can be stopped, restarted and asked by itself; and none waits for
// anybody: a pod must be able to start while the tenant-manager or Valkey is away.
IResourceBuilder<ProjectResource> AddLedger(int n) => builder.AddProject<Projects.Ledger_Api>($"ledger-{n}", launchProfileName: null)
    .WithHttpEndpoint().WithDirectEndpoints().WithBuiltProgram()
    .WithReference(valkeyByLink, connectionName: "valkey")
    .WithReference(tenantManager)
    .WithEnvironment("services__tenant-manager__http__0", $"http://{links.GetEndpoint("tenant-manager").Property(EndpointProperty.HostAndPort)}")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
    .WithEnvironment("ENV_NAME", "local")
    .WithEnvironment("MULTI_TENANT_URL", "http://tenant-manager")
    .WithEnvironment("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")
    .WithEnvironment("MULTI_TENANT_SERVICE_NAME", "ledger")
    .WithEnvironment("MULTI_TENANT_SERVICE_API_KEY", serviceApiKey)
    .WithEnvironment("MULTI_TENANT_DIAGNOSTICS_KEY", diagnosticsKey)
    .WithEnvironment("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", revalidationInterval)
    .WithEnvironment("MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC", breakerTimeout)
    .WithEnvironment("AUTH_SIGNING_KEY", tokenSigningKey)
    .WithHttpHealthCheck("/health/ready")
    .WithDrills();

var ledgers = Enumerable.Range(1, ledgerPods).Select(AddLedger).ToArray();

// Spare pods, for scaling out: each waits to be started.
for (var n = 1; n <= sparePods; n++)
    AddLedger(ledgerPods + n).WithExplicitStart();

// Watches from outside whether a pod still answers on what the tenant-manager has changed. Waits to be started.
var observer = builder.AddProject<Projects.TenantPlatform_Observer>("observer", launchProfileName: null)
    .WithHttpEndpoint().WithDirectEndpoints().WithBuiltProgram()
    .WithReference(tenantManager)
    .WithEnvironment("MULTI_TENANT_URL", "http://tenant-manager")
    .WithEnvironment("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")
    .WithEnvironment("MULTI_TENANT_SERVICE_NAME", "ledger")
    .WithEnvironment("MULTI_TENANT_SERVICE_API_KEY", serviceApiKey)
    .WithEnvironment("MULTI_TENANT_DIAGNOSTICS_KEY", diagnosticsKey)
    .WithEnvironment("OBSERVER_PODS", string.Join(',', ledgers.Select(ledger => $"http://{ledger.Resource.Name}")))
    .WithEnvironment("OBSERVER_ONE_IN", "1")
    .WithHttpHealthCheck("/health/ready")
    .WithExplicitStart();

foreach (var ledger in ledgers)
    observer.WithReference(ledger);

// The last step of the ten minutes: how to send the first request.
tenantManager.OnResourceReady((_, ready, _) =>
{
    ready.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AppHost").LogInformation(
        "First request: eng/first-request {TenantManager} {Ledger}",
        tenantManager.GetEndpoint("http").Url,
        ledgers.Length > 0 ? ledgers[0].GetEndpoint("http").Url : "(no ledger pods)");
    return Task.CompletedTask;
});

builder.Build().Run();
