using System.Globalization;
using TenantPlatform.AppHost;
using TenantPlatform.AppHost.Operators;
using TenantPlatform.AppHost.Pods;
using TenantPlatform.Drills;
using TenantPlatform.Servers;

var builder = DistributedApplication.CreateBuilder(args);

var settings = PlatformSettings.Read(builder.Configuration);
var revalidationInterval = builder.AddSetting("revalidation-interval", "30");
var breakerTimeout = builder.AddSetting("breaker-timeout", "30");

// What the parts share. Generated once, kept in this project's user secrets, never shown.
var serviceApiKey = builder.AddSecret("service-api-key");
var tokenSigningKey = builder.AddSecret("token-signing-key");
var secretsKey = builder.AddSecret("secrets-key");
var diagnosticsKey = builder.AddSecret("diagnostics-key");
var crmEncryptionKeys = builder.AddEncryptionKeys("crm-encryption-keys");
var crmOperatorKey = builder.AddSecret("crm-operator-key");
var consoleKey = builder.AddSecret("console-key");
var lastKnownGoodKeys = settings.HasLastKnownGood && builder.ExecutionContext.IsRunMode ? builder.AddEncryptionKeys("last-known-good-keys") : null;

// The tenant-manager's state, and every tenant's own database.
var postgres = builder.AddPostgres("postgres").RunAsProcessWithoutEngine().WithDrills();
var state = postgres.AddDatabase("tenant-manager-state", "tenant_manager");

// L2, shared by all pods: one Valkey, a cluster as in production, or a ring of independent ones.
var valkey = settings.CacheMode == "single" ? builder.AddValkey("valkey").RunAsProcessWithoutEngine().WithValkeyDrills() : null;
IResourceBuilder<IResourceWithConnectionString> l2 = settings.CacheMode switch
{
    "cluster" => builder.AddValkeyCluster("valkey", configureNode: node => node.WithValkeyDrills()).WithFailOverDrills(),
    "ring" => builder.AddValkeyRing("valkey", configureNode: node => node.WithValkeyDrills()),
    _ => valkey!,
};

if (settings.KeepsData)
{
    postgres.WithDataVolume();
    valkey?.WithDataVolume();
}

// Owns the tenants: who they are, where their data is, whether they are to be served.
var tenantManager = builder.AddService<Projects.TenantManager_Api>("tenant-manager", "Tenant-manager")
    .WithReference(state, connectionName: "tenant-manager").WaitFor(state)
    .WithReference(postgres)
    .WithReference(l2, connectionName: "valkey").WaitFor(l2)
    .WithEnvironment("CACHE_MODE", settings.CacheMode)
    .WithEnvironment("ENV_NAME", "local")
    .WithEnvironment("TENANT_MANAGER_API_KEYS", serviceApiKey)
    .WithEnvironment("TENANT_MANAGER_CONSOLE_KEY", consoleKey)
    .WithEnvironment("TENANT_MANAGER_SECRETS_KEY", secretsKey)
    .WithEnvironment("MULTI_TENANT_DIAGNOSTICS_KEY", diagnosticsKey)
    .WithEnvironment("AUTH_SIGNING_KEY", tokenSigningKey);

// Tenants, caches and pods in a browser, over the tenant-manager's API alone. Rows lead to its pages.
var console = builder.AddService<Projects.TenantManager_Console>("console", "Console", path: "/")
    .WithReference(tenantManager)
    .WithEnvironment("Console__TenantManager", "http://tenant-manager")
    .WithEnvironment("Console__ApiKey", consoleKey)
    .WithSignIn(consoleKey);
tenantManager.WithUrl($"{console.GetEndpoint("http")}/tenants", "Tenants");

// What the pods depend on is reached through links that drills can cut, slow, reset or leave half open. A cluster's nodes tell
// clients their own addresses, and a ring's are told apart by theirs, so those are reached directly.
var links = builder.AddFaultProxy<Projects.TenantPlatform_FaultProxy>("links").WithLink("tenant-manager", tenantManager.GetEndpoint("http"));
if (valkey is not null)
    links.WithLink("valkey", valkey.Resource.PrimaryEndpoint);
var l2ForPods = valkey is null ? l2 : builder.AddConnectionString("valkey-by-link", ReferenceExpression.Create(
    $"{links.GetEndpoint("valkey").Property(EndpointProperty.HostAndPort)},password={valkey.Resource.PasswordParameter!}")).AsPlumbing();

// Among how many a limit is divided while Valkey does not count; of a service without pods a spare one may be started.
static string Instances(int pods) => Math.Max(1, pods).ToString(CultureInfo.InvariantCulture);

// The pods of the services. Each is a resource of its own, so that a drill can address it; and none waits for anybody: a pod must
// be able to start while the tenant-manager or Valkey is away. The spare ones wait to be started.
IResourceBuilder<ProjectResource> ServesTenants(IResourceBuilder<ProjectResource> pod) => pod
    .WithReference(l2ForPods, connectionName: "valkey")
    .WithReference(tenantManager)
    .WithEnvironment("services__tenant-manager__http__0", $"http://{links.GetEndpoint("tenant-manager").Property(EndpointProperty.HostAndPort)}")
    .WithEnvironment("CACHE_MODE", settings.CacheMode)
    .WithEnvironment("ENV_NAME", "local")
    .WithEnvironment("MULTI_TENANT_URL", "http://tenant-manager")
    .WithEnvironment("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")
    .WithEnvironment("MULTI_TENANT_SERVICE_API_KEY", serviceApiKey)
    .WithEnvironment("MULTI_TENANT_DIAGNOSTICS_KEY", diagnosticsKey)
    .WithEnvironment("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", revalidationInterval)
    .WithEnvironment("MULTI_TENANT_CIRCUIT_BREAKER_TIMEOUT_SEC", breakerTimeout)
    .WithEnvironment("AUTH_SIGNING_KEY", tokenSigningKey)
    .WithLastKnownGood(lastKnownGoodKeys)
    .WithDarkStart(links, valkey is null ? ["tenant-manager"] : ["tenant-manager", "valkey"]);
var ledger = builder.AddPods<Projects.Ledger_Api>("ledger", "Ledger", settings.Pods, settings.SparePods, pod => ServesTenants(pod)
    .WithEnvironment("RATE_LIMIT_INSTANCES", Instances(settings.Pods))).WithPagesOf(console);
var crm = builder.AddPods<Projects.Crm_Api>("crm", "CRM", settings.CrmPods, spare: 0, pod => ServesTenants(pod)
    .WithReference(ledger)
    .WithEnvironment("CRM_LEDGER_URL", "http://ledger")
    .WithEnvironment("CRM_ENCRYPTION_KEYS", crmEncryptionKeys)
    .WithEnvironment("CRM_OPERATOR_KEY", crmOperatorKey)
    .WithEnvironment("RATE_LIMIT_INSTANCES", Instances(settings.CrmPods))).WithPagesOf(console);

// One door before all of them: /ledger, /crm and /tenant-manager. It admits the ledger's tenants, and keeps for each what seldom changes;
// the others look at their callers themselves. A pod that is lost costs no read.
ServesTenants(builder.AddService<Projects.Gateway>("gateway", "Gateway", path: "/health/ready"))
    .WithEnvironment("MULTI_TENANT_SERVICE_NAME", ledger.Service)
    .WithEnvironment("MULTI_TENANT_POD_NAME", "gateway")
    .WithRoute(ledger, admitsTenants: true)
    .WithCached(ledger, TimeSpan.FromSeconds(30), "/v1/organizations/{organization}", "/v1/organizations/{organization}/ledgers/{ledger}")
    .WithRoute(crm)
    .WithRoute(tenantManager);

// Watch from outside whether a pod, or Valkey, still answers on what the tenant-manager has changed: one for each service that has
// pods. They wait to be started.
var observed = new (string Observer, PodGroup Pods)[] { ("observer", ledger), ("observer-crm", crm) };
foreach (var (name, watched) in observed.Where(one => one.Pods.Running.Count > 0))
{
    var observer = builder.AddService<Projects.TenantPlatform_Observer>(name, "Observations", path: "/observations")
        .WithReference(l2, connectionName: "valkey")
        .WithEnvironment("CACHE_MODE", settings.CacheMode)
        .WithReference(tenantManager)
        .WithEnvironment("MULTI_TENANT_URL", "http://tenant-manager")
        .WithEnvironment("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")
        .WithEnvironment("MULTI_TENANT_SERVICE_NAME", watched.Service)
        .WithEnvironment("MULTI_TENANT_SERVICE_API_KEY", serviceApiKey)
        .WithEnvironment("MULTI_TENANT_DIAGNOSTICS_KEY", diagnosticsKey)
        .WithEnvironment("OBSERVER_PODS", string.Join(',', watched.Running.Select(pod => $"http://{pod.Resource.Name}")))
        .WithEnvironment("OBSERVER_ONE_IN", "1")
        .WithExplicitStart();
    foreach (var pod in watched.Running)
        observer.WithReference(pod);
}

// Every drill answers with what the pods did meanwhile.
builder.AddDrillEvidence(tenantManager.GetEndpoint("http"), serviceApiKey, ledger.All);
builder.AddDrillEvidence(tenantManager.GetEndpoint("http"), serviceApiKey, crm.All, new DrillEvidenceOptions { Service = "crm", Path = $"/v1/organizations/{Guid.Empty}/holders?limit=1" });

// The last step of the ten minutes: how to send the first request.
builder.TellFirstRequest(tenantManager, ledger.Running);

builder.Build().Run();
