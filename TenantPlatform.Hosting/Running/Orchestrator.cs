using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs the application: gives every endpoint its place, starts every resource, and stops them in reverse order.</summary>
internal sealed partial class Orchestrator : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);

    private readonly DistributedApplicationModel _model;
    private readonly IServiceProvider _services;
    private readonly ILogger<Orchestrator> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PortReservation> _ports = [];
    private readonly List<ResourceController> _controllers = [];
    private Task _starting = Task.CompletedTask;
    private RunLock? _lock;
    private bool _isStopped;

    public Orchestrator(DistributedApplicationModel model, IServiceProvider services, ILogger<Orchestrator> logger)
    {
        _model = model;
        _services = services;
        _logger = logger;
    }

    public IReadOnlyList<ResourceController> Controllers => _controllers;

    public ResourceController? Find(string name) =>
        _controllers.Find(controller => string.Equals(controller.Resource.Name, name, StringComparison.OrdinalIgnoreCase));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _lock = RunLock.Take(_services.GetRequiredService<RunContext>());
        foreach (var endpoint in _model.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", endpoint.Port ?? Reserve());
        CreateControllers();
        var notifications = _services.GetRequiredService<ResourceNotificationService>();
        foreach (var controller in _controllers)
        {
            await notifications.PublishUpdateAsync(
                controller.Resource, now => now with { State = KnownResourceStates.NotStarted, CreationTimeStamp = DateTime.UtcNow });
        }

        _starting = Task.WhenAll(_controllers
            .Where(controller => !controller.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            .Select(StartAsync));
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
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        foreach (var controller in _controllers)
            await controller.DisposeAsync();
        foreach (var port in _ports)
            port.Dispose();
        _controllers.Clear();
        _ports.Clear();
        _lock?.Dispose();
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
        var servers = _model.Resources.OfType<PostgresServerResource>().ToDictionary(server => server, server => new PostgresRunner(server, run));
        foreach (var resource in _model.Resources)
        {
            IRunner? runner = resource switch
            {
                ProjectResource project => new ProjectRunner(project, values),
                ExecutableResource executable => new ExecutableRunner(executable, values),
                ValkeyResource valkey => new ValkeyRunner(valkey, run),
                PostgresServerResource server => servers[server],
                PostgresDatabaseResource database => new DatabaseRunner(database, servers[database.Parent]),
                ParameterResource => null,
                _ => throw new DistributedApplicationException($"Resources of type {resource.GetType().Name} ('{resource.Name}') cannot be run here."),
            };
            if (runner is null)
                continue;
            var log = logs.Of(resource.Name);
            if (run.LogDirectory is { } directory)
                log.OpenFile(Path.Combine(directory, $"{resource.Name}.log"));
            _controllers.Add(new ResourceController(resource, runner, log, _services));
        }
    }

    private async Task StartAsync(ResourceController controller)
    {
        try
        {
            await controller.StartAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The application stops before the resource's turn came.
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
            LogStopFailed(controller.Resource.Name, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stopping {Resource} failed: {Reason}")]
    private partial void LogStopFailed(string resource, string reason);
}
