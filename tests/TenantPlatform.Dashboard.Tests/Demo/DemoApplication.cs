using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TenantPlatform.Hosting.Running;

namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>The platform as a model only: nothing runs, commands just change what is told.</summary>
internal sealed class DemoApplication
{
    /// <summary>A value that no page may ever hold.</summary>
    public const string Secret = "correct-horse-battery-staple";

    private readonly Dictionary<string, IResource> _byName = [];
    private int _port = 43110;

    private DemoApplication(DistributedApplicationModel model)
    {
        Model = model;
        var services = new ServiceCollection().AddSingleton(model).AddSingleton(_ => Notifications!).AddSingleton(Logs).BuildServiceProvider();
        Notifications = new ResourceNotificationService(services);
        Commands = new ResourceCommandService(services);
    }

    public DistributedApplicationModel Model { get; }

    public ResourceNotificationService Notifications { get; }

    public ResourceCommandService Commands { get; }

    public ResourceLoggerService Logs { get; } = new();

    /// <summary>The commands that were executed, as <c>resource/command</c>.</summary>
    public ConcurrentQueue<string> Executed { get; } = new();

    public static async Task<DemoApplication> CreateAsync(bool isEmpty)
    {
        var builder = DistributedApplicationTestingBuilder.Create($"--Parameters:service-api-key={Secret}");
        if (!isEmpty)
            Describe(builder);
        var application = new DemoApplication(new DistributedApplicationModel(builder.Resources));
        foreach (var resource in builder.Resources)
        {
            foreach (var id in ReplicaIds.Of(resource))
                application._byName.Add(id, resource);
            application.AddCommands(resource);
        }

        if (!isEmpty)
            await application.RunAsync();
        return application;
    }

    /// <summary>Tells that a resource runs, or not.</summary>
    public Task PublishAsync(string name, string state, HealthStatus? health = null, int? exitCode = null, string? failure = null, TimeSpan? age = null)
    {
        var resource = _byName[name];
        var hasHttp = resource is ProjectResource;
        return Notifications.PublishUpdateAsync(resource, name, now => now with
        {
            State = state,
            StartTimeStamp = state == "Running" ? DateTime.UtcNow - (age ?? TimeSpan.Zero) : now.StartTimeStamp ?? (state == "Exited" ? DateTime.UtcNow.AddMinutes(-7) : null),
            StopTimeStamp = state is "Exited" or "FailedToStart" ? DateTime.UtcNow : null,
            ExitCode = exitCode,
            HealthReports = hasHttp && state == "Running"
                ? [new HealthReportSnapshot($"{name}_http_/health/ready_200_check", health, health == HealthStatus.Healthy ? null : "Valkey does not answer within 500 ms; serving from L1.", ExceptionText: null)]
                : [],
            Urls = state != "Running" || resource is PostgresDatabaseResource or ParameterResource
                ? []
                : now.Urls.IsEmpty ? [new UrlSnapshot(hasHttp ? "http" : "tcp", $"{(hasHttp ? "http" : "tcp")}://127.0.0.1:{_port++}", IsInternal: false), .. name == resource.Name ? [] : new[] { Own(name) }] : now.Urls,
            Properties = failure is not null
                ? [new ResourcePropertySnapshot("resource.failure", failure)]
                : [new ResourcePropertySnapshot("resource.source", hasHttp ? "bin/Release/net10.0/Ledger.Api.dll" : "valkey-server 8.1.1, unpacked"), new ResourcePropertySnapshot("executable.pid", 40_000 + (_port % 1000)), new ResourcePropertySnapshot("admin.token", Secret)],
        });
    }

    // As the engine tells a replica's own address beside the one in front of all.
    private static UrlSnapshot Own(string replica) =>
        new("http", $"http://127.0.0.1:4100{replica[^1]}", IsInternal: true) { DisplayProperties = new UrlDisplayPropertiesSnapshot($"{replica} itself") };

    private async Task<ExecuteCommandResult> ExecuteAsync(string name, string command)
    {
        Executed.Enqueue($"{name}/{command}");
        if (command is "stop" or "restart")
            await PublishAsync(name, "Exited", exitCode: 0);
        if (command is "start" or "restart")
        {
            await PublishAsync(name, "Starting");
            await PublishAsync(name, "Running", HealthStatus.Healthy);
            Logs.Of(name).Write("info: Microsoft.Hosting.Lifetime[14] Now listening on: http://127.0.0.1:43111", isError: false);
        }

        if (command == "pause")
            await PublishAsync(name, "Paused");
        if (command == "drop-clients")
            return CommandResults.Failure("4 of 5 connections were dropped; one belongs to the replica.");
        return CommandResults.Success();
    }

    /// <summary>Lets every resource write one line.</summary>
    public IReadOnlyList<string> WriteFirst() => DemoConsole.WriteFirst(Logs, _byName);

    /// <summary>Lets every resource write what such a resource writes.</summary>
    public Task WriteAsync() => DemoConsole.WriteAsync(Logs, _byName);

    private static void Describe(IDistributedApplicationBuilder builder)
    {
        var apiKey = builder.AddParameter("service-api-key", secret: true);
        var interval = builder.AddParameter("revalidation-interval", "30");
        var valkey = builder.AddValkey("valkey").WithDataVolume();
        var postgres = builder.AddPostgres("postgres").WithDataVolume();
        var state = postgres.AddDatabase("tenant-manager-state", "tenant_manager");
        var link = builder.AddResource(new ProjectResource("valkey-link")).WithHttpEndpoint().WithReference(valkey).WaitFor(valkey);
        var manager = Project(builder, "tenant-manager").WithReference(state).WaitFor(state).WithReference(valkey).WaitFor(valkey).WithEnvironment("TENANT_MANAGER_API_KEYS", apiKey);
        var pods = ((string[])["ledger-1", "ledger-2", "ledger-3", "crm-1"]).Select(name => Project(builder, name)).ToArray();
        foreach (var pod in pods)
        {
            pod.WithReference(manager).WithReference(link)
                .WithEnvironment("MULTI_TENANT_URL", "http://tenant-manager")
                .WithEnvironment("MULTI_TENANT_SERVICE_API_KEY", apiKey)
                .WithEnvironment("LEGACY_DSN", $"postgres://app:{Secret}@127.0.0.1:5432/app")
                .WithEnvironment("MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC", interval);
        }

        var gateway = Project(builder, "gateway").WithReference(valkey).WithReplicas(2);
        foreach (var pod in pods)
            gateway.WithReference(pod);
        builder.AddExecutable("observer", "dotnet", ".").WithReference(manager).WithReference(valkey);
    }

    private static IResourceBuilder<ProjectResource> Project(IDistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new ProjectResource(name)).WithHttpEndpoint().WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development");

    private void AddCommands(IResource resource)
    {
        if (resource is not (ProjectResource or ExecutableResource or ContainerResource))
            return;
        bool IsUp(string? state) => state is "Running" or "Waiting" or "Starting" or "Paused";
        Add("start", "Start", "Starts it.", null, state => !IsUp(state), isLife: true);
        Add("stop", "Stop", "Stops it in order.", null, IsUp, isLife: true);
        Add("restart", "Restart", "Stops it and starts it again.", null, IsUp, isLife: true);
        Add("kill", "Kill", "SIGKILL: no goodbye, as when memory runs out.", "The process ends at once. Requests in flight fail.", IsUp);
        Add("pause", "Pause", "SIGSTOP: it holds its connections and answers nobody.", null, state => state == "Running");
        if (resource is ValkeyResource)
        {
            Add("flush", "Empty Valkey", "FLUSHALL: every pod is cold in L2.", "All keys are deleted. Tenants are fetched again from the tenant-manager.", state => state == "Running");
            Add("drop-clients", "Drop connections", "Cuts every client's connection once.", null, state => state == "Running");
        }

        void Add(string name, string displayName, string description, string? confirmation, Func<string?, bool> isEnabled, bool isLife = false) => resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            context => isEnabled(context.ResourceSnapshot.State?.Text) ? ResourceCommandState.Enabled : isLife ? ResourceCommandState.Hidden : ResourceCommandState.Disabled,
            context => ExecuteAsync(context.ResourceName, name),
            description,
            parameter: null,
            confirmation,
            iconName: null,
            iconVariant: null,
            isHighlighted: isLife));
    }

    private async Task RunAsync()
    {
        foreach (var name in (string[])["valkey", "postgres", "tenant-manager-state", "valkey-link", "tenant-manager", "ledger-1", "ledger-3", "crm-1", "gateway-1", "gateway-2"])
            await PublishAsync(name, "Running", HealthStatus.Healthy, age: TimeSpan.FromSeconds(4321));
        await PublishAsync("ledger-2", "Running", HealthStatus.Unhealthy, age: TimeSpan.FromSeconds(312));
        await PublishAsync("observer", "Exited", exitCode: 134, failure: "Unhandled exception. System.IO.IOException: Broken pipe");
    }
}
