using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.Hosting.Containers;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs the application: gives every endpoint its place, starts every resource, and stops them in reverse order.</summary>
internal sealed partial class Orchestrator : IHostedService, IAsyncDisposable
{
    /// <summary>
    /// How long the services, and then their servers, may take to stop. Every resource has limits of its own, after which it is
    /// killed; this is more than they add up to, with what they leave behind deleted on a slow disk.
    /// </summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    private readonly DistributedApplicationModel _model;
    private readonly IServiceProvider _services;
    private readonly ILogger<Orchestrator> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PortReservation> _ports = [];
    private readonly List<ResourceController> _controllers = [];
    private readonly ReplicaFronts _fronts;
    private Task _starting = Task.CompletedTask;
    private RunLock? _lock;
    private bool _isStopped;

    public Orchestrator(DistributedApplicationModel model, IServiceProvider services, ILogger<Orchestrator> logger)
    {
        _model = model;
        _services = services;
        _logger = logger;
        _fronts = new ReplicaFronts(services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<TimeProvider>());
    }

    public IReadOnlyList<ResourceController> Controllers => _controllers;

    /// <summary>The controller of a resource or of one of its replicas.</summary>
    /// <exception cref="DistributedApplicationException">There is none: the application has not started, or the resource does not run.</exception>
    public ResourceController Require(string id) =>
        _controllers.Find(controller => string.Equals(controller.Replica.Id, id, StringComparison.OrdinalIgnoreCase))
        ?? throw new DistributedApplicationException($"There is no resource '{id}' that can be started and stopped.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lock = RunLock.Take(_services.GetRequiredService<RunContext>());
        _services.GetRequiredService<Observatory>().Announce();
        var eventing = _services.GetRequiredService<IDistributedApplicationEventing>();
        await eventing.PublishAsync(new BeforeStartEvent(_services, _model), cancellationToken);
        foreach (var endpoint in _model.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", endpoint.Port ?? Reserve());
        CreateControllers();
        var notifications = _services.GetRequiredService<ResourceNotificationService>();
        foreach (var controller in _controllers)
        {
            await notifications.PublishUpdateAsync(
                controller.Resource,
                controller.Replica.Id,
                now => now with { State = KnownResourceStates.NotStarted, CreationTimeStamp = DateTime.UtcNow });
        }

        await AnnounceEndpointsAsync(eventing, cancellationToken);
        _fronts.Start();
        _starting = Task.WhenAll(_controllers
            .Where(controller => !controller.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            .Select(StartAsync));
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(_services, _model), cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _stopping.CancelAsync();
        await _starting.WaitAsync(cancellationToken);

        // Those that others were described upon stop last: first the services at once, then their servers.
        foreach (var together in _controllers.GroupBy(controller => controller.Resource is ContainerResource).OrderBy(group => group.Key))
            await Task.WhenAll(together.Select(StopAsync)).WaitAsync(StopLimit, cancellationToken);
        await _fronts.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _fronts.DisposeAsync();
        foreach (var controller in _controllers)
            await controller.DisposeAsync();
        foreach (var port in _ports)
            port.Dispose();
        _controllers.Clear();
        _ports.Clear();
        _lock?.Dispose();
    }

    private string? EngineChoice()
    {
        var configuration = _services.GetRequiredService<IConfiguration>();
        return configuration["Containers:Engine"] ?? configuration["ASPIRE_CONTAINER_RUNTIME"];
    }

    private int Reserve()
    {
        var port = PortReservation.Take();
        _ports.Add(port);
        return port.Port;
    }

    private void CreateControllers()
    {
        var run = _services.GetRequiredService<RunContext>();
        var logs = _services.GetRequiredService<ResourceLoggerService>();
        var values = new ResourceValues(_services.GetRequiredService<DistributedApplicationExecutionContext>());
        var containers = new ContainerSource(EngineChoice, owner: run.IsTest ? null : run.Owner, _services.GetRequiredService<TimeProvider>());
        if (_model.Resources.OfType<ContainerResource>().Any())
            containers.Ask();
        var observatory = _services.GetRequiredService<Observatory>();
        var servers = _model.Resources.OfType<PostgresServerResource>().ToDictionary(server => server, server => new PostgresRunner(server, containers, run));
        foreach (var resource in _model.Resources)
        {
            var replicas = Replicas(resource);
            _fronts.Add(resource, replicas);
            foreach (var replica in replicas)
            {
                IRunner runner = resource switch
                {
                    ProjectResource project => new ProjectRunner(project, replica, values, observatory),
                    ExecutableResource executable => new ExecutableRunner(executable, replica, values),
                    ValkeyResource valkey => new ValkeyRunner(valkey, containers, run),
                    PostgresServerResource server => servers[server],
                    PostgresDatabaseResource database => new DatabaseRunner(database, servers[database.Parent]),
                    ContainerResource container => new ContainerRunner(container, replica, values, containers, run),
                    ParameterResource parameter => PassiveRunner.Of(parameter),
                    ExternalServiceResource service => PassiveRunner.Of(service),
                    IResourceWithConnectionString connection => PassiveRunner.Of(connection),
                    _ => throw new DistributedApplicationException($"Resources of type {resource.GetType().Name} ('{resource.Name}') cannot be run here."),
                };
                var log = logs.Of(replica.Id);
                if (run.LogDirectory is { } directory && resource is not ParameterResource)
                    log.OpenFile(Path.Combine(directory, $"{replica.Id}.log"));
                _controllers.Add(new ResourceController(resource, replica, runner, log, _services));
            }

            if (resource is ProjectResource or ExecutableResource or ContainerResource)
                LifecycleCommands.AddTo(resource, this);
        }
    }

    /// <summary>Replicas listen on ports of their own; one address stands in front of them.</summary>
    private IReadOnlyList<Replica> Replicas(IResource resource)
    {
        var ids = ReplicaIds.Of(resource);
        if (ids.Count == 1)
            return [new Replica(resource.Name)];
        if (ids.FirstOrDefault(id => _model.Resources.Any(other => string.Equals(other.Name, id, StringComparison.OrdinalIgnoreCase))) is { } taken)
            throw new DistributedApplicationException($"The replica '{taken}' of '{resource.Name}' would have the name of another resource: rename that one.");
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        return [.. ids.Select(id => new Replica(id, endpoints.ToDictionary(endpoint => endpoint, _ => Reserve())))];
    }

    private async Task AnnounceEndpointsAsync(IDistributedApplicationEventing eventing, CancellationToken cancellationToken)
    {
        await eventing.PublishAsync(new AfterEndpointsAllocatedEvent(_services, _model), cancellationToken);
        foreach (var resource in _model.Resources)
        {
            if (resource is IResourceWithEndpoints)
                await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, _services), cancellationToken);

            // Addresses and passwords are all that connection strings are made of here: they are known now.
            if (resource is IResourceWithConnectionString)
                await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, _services), cancellationToken);
        }
    }

    private async Task StartAsync(ResourceController controller)
    {
        try
        {
            await controller.StartAsync(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The application stops, or the resource was told to, before its turn came.
        }
        catch (DistributedApplicationException exception)
        {
            LogFailed(exception.Message);
        }
    }

    private async Task StopAsync(ResourceController controller)
    {
        try
        {
            await controller.StopAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogStopFailed(controller.Replica.Id, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopping {Resource} failed: {Reason}")]
    private partial void LogStopFailed(string resource, string reason);
}
