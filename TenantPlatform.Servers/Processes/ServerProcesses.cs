using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Decides, before anything starts, whether servers run as containers or as processes, and turns them into the latter.</summary>
/// <remarks>
/// Aspire chooses what it runs by type: containers are what has an image, executables are <see cref="ExecutableResource"/>s. So a
/// server that is to be a process loses its image and keeps everything else, and its <see cref="ServerProcessResource"/>, which is
/// there from the beginning, does the work. Where an engine answers it is the other way round.
/// </remarks>
internal sealed class ServerProcesses(
    IConfiguration configuration, ServerProcessMirror mirror, StateDirectory state, ResourceLoggerService logs, IHostApplicationLifetime lifetime)
    : IDistributedApplicationEventingSubscriber
{
    private const string RunAs = "Servers:RunAs";
    private readonly List<PortReservation> _ports = [];

    public Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        eventing.Subscribe<BeforeStartEvent>(DecideAsync);
        return Task.CompletedTask;
    }

    /// <summary>Says how Aspire is to start the server's process.</summary>
    public static async Task PrepareAsync(ServerProcessResource process, CommandLineArgsCallbackContext context)
    {
        if (context.ExecutionContext.IsPublishMode)
            return;
        var services = context.ExecutionContext.Services;
        var state = services.GetRequiredService<StateDirectory>();
        var log = services.GetRequiredService<ResourceLoggerService>().GetLogger(process.Server);
        try
        {
            var command = await process.Program.PrepareAsync(
                process.Port,
                state.Scratch(process.Server.Name),
                VolumeOf(process.Server) is { } volume ? state.Volume(volume) : null,
                text => log.LogInformation("{Text}", text),
                context.CancellationToken);
            process.Started = command;
            foreach (var argument in command.ArgumentsOfEnv())
                context.Args.Add(argument);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("It does not start: {Reason}", exception.Message);
            throw;
        }
    }

    private async Task DecideAsync(BeforeStartEvent start, CancellationToken cancellationToken)
    {
        var processes = start.Model.Resources.OfType<ServerProcessResource>().ToList();
        if (processes.Count == 0)
            return;
        state.DeleteLeftovers();
        lifetime.ApplicationStopped.Register(Release);
        var (hasEngine, answer) = await ChooseAsync(cancellationToken);
        foreach (var process in processes)
        {
            var always = process.Server.Annotations.OfType<AlwaysProcessAnnotation>().FirstOrDefault();
            var isContainer = hasEngine && always is null;
            logs.GetLogger(process.Server).LogInformation(
                "Runs as a {Kind}: {Reason}.", isContainer ? "container" : "process of this machine", hasEngine && always is not null ? always.Reason : answer);
            if (isContainer)
                KeepContainer(process, start.Model);
            else
                Convert(process);
        }

        mirror.Start([.. start.Model.Resources.OfType<ServerProcessResource>()]);
    }

    private async Task<(bool AsContainers, string Reason)> ChooseAsync(CancellationToken cancellationToken)
    {
        switch (configuration[RunAs]?.ToUpperInvariant())
        {
            case "CONTAINER":
                return (true, $"{RunAs} says so");
            case "PROCESS":
                return (false, $"{RunAs} says so");
            case null or "" or "AUTO":
                var answer = await ContainerEngine.AskAsync(configuration["ASPIRE_CONTAINER_RUNTIME"], cancellationToken);
                return (answer.IsThere, answer.Reason);
            default:
                throw new DistributedApplicationException($"{RunAs} is '{configuration[RunAs]}': say container, process or auto.");
        }
    }

    private void KeepContainer(ServerProcessResource process, DistributedApplicationModel model)
    {
        model.Resources.Remove(process);
        WithoutProxy(process.Server);
    }

    private void Convert(ServerProcessResource process)
    {
        var server = process.Server;
        foreach (var image in server.Annotations.OfType<ContainerImageAnnotation>().ToList())
            server.Annotations.Remove(image);
        var endpoint = WithoutProxy(server);
        process.Port = endpoint.Port!.Value;
        endpoint.TargetPort = process.Port;
        endpoint.TargetHost = "127.0.0.1";
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", process.Port, targetPortExpression: process.Port.ToString(CultureInfo.InvariantCulture));
        ServerProcessCommands.AddTo(process);
    }

    // The one endpoint, on a port that stays over restarts and without a proxy in front: a stopped server refuses its clients, as it
    // would in production. The proxy accepts them and is silent.
    private EndpointAnnotation WithoutProxy(ContainerResource server)
    {
        var endpoint = server.Annotations.OfType<EndpointAnnotation>().Single();
        var port = endpoint.Port ?? (VolumeOf(server) is { } volume ? state.Port(volume, Reserve) : Reserve());
        endpoint.IsProxied = false;
        endpoint.Port = port;
        return endpoint;
    }

    private static string? VolumeOf(ContainerResource server) =>
        server.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(mount => mount.Type == ContainerMountType.Volume)?.Source;

    private int Reserve(int? preferred = null)
    {
        var port = PortReservation.Take(preferred);
        _ports.Add(port);
        return port.Port;
    }

    private void Release()
    {
        _ports.ForEach(port => port.Dispose());
        state.Dispose();
    }
}
