using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Contracts.Tokens;
using TenantPlatform.Servers;

namespace TenantPlatform.Testbed;

/// <summary>The running platform: real processes on free ports, with data that is thrown away.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(5);

    private RunningPlatform(DistributedApplication app, PlatformOptions options, Keys keys, ConcurrentDictionary<string, string> nextStart, TimeSpan timeToHealthy)
    {
        App = app;
        SecretsKey = keys.Secrets;
        Tokens = new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(keys.Signing));
        Options = options;
        TimeToHealthy = timeToHealthy;
        ApiKey = keys.Api;
        NextStart = nextStart;
        TenantManager = new TenantManager(app.GetEndpoint("tenant-manager", "http"), keys.Api);
        Resources = new ResourceControl(app);
        Ledgers = [.. LedgerNames(options).Select(OpenPod)];
        Gateway = new LedgerPod("gateway", app.GetEndpoint("gateway", "http"), "/ledger");
        Crms = [.. CrmNames(options).Select(name => new CrmPod(name, app.GetEndpoint(name, "http")))];
    }

    public DistributedApplication App { get; }

    public PlatformOptions Options { get; }

    public TenantManager TenantManager { get; }

    /// <summary>Signs tokens as the platform's identity provider would, without asking anybody.</summary>
    public TokenIssuer Tokens { get; }

    /// <summary>The key that the tenant-manager seals passwords with, for who writes into its state.</summary>
    public string SecretsKey { get; }

    public ResourceControl Resources { get; }

    public IReadOnlyList<LedgerPod> Ledgers { get; }

    public IReadOnlyList<CrmPod> Crms { get; }

    /// <summary>The ledger through the gateway: its paths begin with <c>/ledger</c>.</summary>
    public LedgerPod Gateway { get; }

    public TimeSpan TimeToHealthy { get; }

    /// <summary>The tenant-manager's key of the environment.</summary>
    public string ApiKey { get; }

    /// <summary>Environment variables that every service is given from its next start on, over those that it has.</summary>
    public ConcurrentDictionary<string, string> NextStart { get; }

    /// <summary>Starts everything; returns when everything is healthy.</summary>
    /// <param name="options">How it is started.</param>
    /// <param name="watch">Told of the application before it starts; null: nobody is.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<RunningPlatform> StartAsync(
        PlatformOptions options, Action<DistributedApplication>? watch = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        var keys = Keys.New();
        string[] arguments =
        [
            "--Data:Keep=false",
            "--Servers:KeepVolumes=false",
            "--Drills:Watch=00:00:00",
            $"--Parameters:ledger-pods={options.Pods}",
            $"--Parameters:crm-pods={options.CrmPods}",
            $"--Parameters:valkey-topology={options.Topology}",
            $"--Parameters:last-known-good={(options.HasLastKnownGood ? "on" : "off")}",
            string.Create(CultureInfo.InvariantCulture, $"--Parameters:revalidation-interval={options.RevalidationInterval.TotalSeconds}"),
            string.Create(CultureInfo.InvariantCulture, $"--Parameters:breaker-timeout={options.BreakerTimeout.TotalSeconds}"),
            $"--Parameters:service-api-key={keys.Api}",
            $"--Parameters:token-signing-key={keys.Signing}",
            $"--Parameters:secrets-key={keys.Secrets}",
        ];

        var clock = Stopwatch.StartNew();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.TenantPlatform_AppHost>(arguments, limit.Token);
        foreach (var pod in builder.Resources.OfType<ProjectResource>().Where(IsPod).ToList())
        {
            var settings = builder.CreateResourceBuilder(pod)
                .WithEnvironment("MULTI_TENANT_CONNECT_TIMEOUT_SEC", options.ConnectTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture))
                .WithEnvironment("SHUTDOWN_DRAIN_SEC", options.DrainTime.TotalSeconds.ToString(CultureInfo.InvariantCulture));
            foreach (var (name, value) in options.PodEnvironment)
                settings.WithEnvironment(name, value);
            if (options.PodPrograms.TryGetValue(pod.Name, out var program))
            {
                settings.WithAnnotation(
                    new ExecutableAnnotation { Command = program.Command, WorkingDirectory = program.Folder }, ResourceAnnotationMutationBehavior.Replace);
            }
        }

        var nextStart = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
        {
            var settings = builder.CreateResourceBuilder(service);
            foreach (var (name, value) in options.ServiceEnvironment.Concat(options.Telemetry?.VariablesOf(service.Name) ?? []))
                settings.WithEnvironment(name, value);
            settings.WithEnvironment(context =>
            {
                foreach (var (name, value) in nextStart)
                    context.EnvironmentVariables[name] = value;
            });
        }

        var gateway = builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "gateway"));
        foreach (var service in new[] { "ledger", "crm", "tenant-manager" })
            gateway.WithEnvironment($"ReverseProxy__Clusters__{service}__HttpRequest__ActivityTimeout", options.GatewayTimeout.ToString("c", CultureInfo.InvariantCulture));

        foreach (var (name, value) in options.GatewayEnvironment)
            gateway.WithEnvironment(name, value);

        if (options.IsValkeyDurable)
            builder.CreateResourceBuilder(builder.Resources.OfType<ValkeyResource>().Single(resource => resource.Name == "valkey")).WithDataVolume("valkey-of-tests");

        if (options.IsSilent)
            builder.Services.AddLogging(logging => logging.ClearProviders());

        var app = await builder.BuildAsync(limit.Token);
        try
        {
            watch?.Invoke(app);
            await app.StartAsync(limit.Token);
            await StartWatch.HealthyAsync(app, ["valkey", "postgres", "tenant-manager", "links", "gateway", .. LedgerNames(options), .. CrmNames(options)], limit.Token);
            return new RunningPlatform(app, options, keys, nextStart, clock.Elapsed);
        }
        catch
        {
            await EndAsync(app);

            // Who stopped it needs no description of what was not ready yet.
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>A connection to the platform's Valkey, as an operator would have.</summary>
    public async Task<ValkeyProbe> OpenValkeyAsync(CancellationToken cancellationToken)
    {
        var valkey = await ConnectionStringAsync("valkey", cancellationToken);
        return await (Options.Topology == ValkeyTopology.Ring ? ValkeyProbe.OpenRingAsync(valkey) : ValkeyProbe.OpenAsync(valkey));
    }

    /// <summary>A connection to one of the Valkeys that share the keys.</summary>
    public async Task<ValkeyProbe> OpenNodeAsync(string node, CancellationToken cancellationToken) =>
        await ValkeyProbe.OpenAsync(await ConnectionStringAsync(node, cancellationToken));

    /// <summary>A connection to the platform's PostgreSQL, as its administrator would have.</summary>
    public async Task<PostgresProbe> OpenPostgresAsync(CancellationToken cancellationToken) =>
        new(NpgsqlDataSource.Create(await ConnectionStringAsync("postgres", cancellationToken)));

    /// <summary>How a resource is reached past the links.</summary>
    public async Task<string> ConnectionStringAsync(string resource, CancellationToken cancellationToken) =>
        await App.GetConnectionStringAsync(resource, cancellationToken)
        ?? throw new PlatformException($"The resource '{resource}' has no connection string.");

    /// <summary>A pod that is not among <see cref="Ledgers"/>: one of the spare ones, once it runs.</summary>
    public LedgerPod OpenPod(string name) => new(name, App.GetEndpoint(name, "http"));

    public async ValueTask DisposeAsync()
    {
        foreach (var pod in Ledgers.Append(Gateway).Concat<ServicePod>(Crms))
            pod.Dispose();
        TenantManager.Dispose();
        await EndAsync(App);
    }

    private static async Task EndAsync(DistributedApplication app)
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }

    private static bool IsPod(ProjectResource resource) =>
        resource.Name.StartsWith("ledger-", StringComparison.Ordinal) || resource.Name.StartsWith("crm-", StringComparison.Ordinal);

    /// <summary>The names of the ledger's pods that run from the start.</summary>
    public static IEnumerable<string> LedgerNames(PlatformOptions options) => Enumerable.Range(1, options.Pods).Select(n => $"ledger-{n}");

    private static IEnumerable<string> CrmNames(PlatformOptions options) => Enumerable.Range(1, options.CrmPods).Select(n => $"crm-{n}");

    /// <summary>What the platform was given to keep to itself.</summary>
    private sealed record Keys(string Api, string Signing, string Secrets)
    {
        public static Keys New() => new(Draw(), Draw(), Draw());

        private static string Draw() => Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
    }
}
