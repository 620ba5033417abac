using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using TenantPlatform.LocalServers;
using TenantPlatform.Servers.Tests.Engine;

namespace TenantPlatform.Servers.Tests.Choice;

/// <summary>What servers run as: containers where an engine answers, processes otherwise, and what the configuration says before both.</summary>
public sealed class ServerChoiceTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task EngineAnswers_ServersAreContainers_AndTheirLogSaysWhy()
    {
        using var engine = EngineScript.Answering();

        await using var decision = await Decision.MakeAsync(AddServers, _limit.Token, $"--ASPIRE_CONTAINER_RUNTIME={engine.Path}");

        Assert.Empty(decision.Processes);
        Assert.All(decision.Resources.OfType<ContainerResource>(), server => Assert.True(server.TryGetContainerImageName(out _)));
        Assert.Contains($"Runs as a container: {engine.Path} 99.0 answers.", await decision.ReasonAsync("valkey", _limit.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoEngineAnswers_ServersAreProcesses_AndTheirLogSaysWhy()
    {
        using var engine = EngineScript.Silent();

        await using var decision = await Decision.MakeAsync(AddServers, _limit.Token, $"--ASPIRE_CONTAINER_RUNTIME={engine.Path}");

        Assert.Equal(["valkey-process", "postgres-process"], decision.Processes.Select(process => process.Name));
        Assert.All(decision.Resources.OfType<ContainerResource>(), server => Assert.False(server.TryGetContainerImageName(out _)));
        Assert.Contains(
            "Runs as a process of this machine: docker is installed, but no engine answers.",
            await decision.ReasonAsync("postgres", _limit.Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_IsAskedOnce_ForAllServersOfAnApplication()
    {
        using var engine = EngineScript.Answering();

        await using var decision = await Decision.MakeAsync(AddServers, _limit.Token, $"--ASPIRE_CONTAINER_RUNTIME={engine.Path}");

        Assert.Single(engine.Asked);
    }

    [Theory]
    [InlineData("process", 2)]
    [InlineData("Process", 2)]
    [InlineData("container", 0)]
    public async Task ConfigurationDecides_WithoutAskingAnEngine(string runAs, int processes)
    {
        using var engine = EngineScript.Answering();

        await using var decision = await Decision.MakeAsync(
            AddServers, _limit.Token, $"--Servers:RunAs={runAs}", $"--ASPIRE_CONTAINER_RUNTIME={engine.Path}");

        Assert.Equal(processes, decision.Processes.Count());
        Assert.Empty(engine.Asked);
        Assert.Contains("Servers:RunAs says so", await decision.ReasonAsync("valkey", _limit.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigurationThatSaysNeither_IsRefused_AndNamesTheChoices()
    {
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => Decision.MakeAsync(AddServers, _limit.Token, "--Servers:RunAs=vm"));

        Assert.Contains("'vm': say container, process or auto", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("process")]
    [InlineData("container")]
    public async Task Endpoint_IsAPortOfItsOwn_WithoutAProxy(string runAs)
    {
        await using var first = await Decision.MakeAsync(AddServers, _limit.Token, $"--Servers:RunAs={runAs}");
        await using var second = await Decision.MakeAsync(AddServers, _limit.Token, $"--Servers:RunAs={runAs}");

        var endpoints = first.Resources.Concat(second.Resources).OfType<ContainerResource>().SelectMany(server => server.Annotations.OfType<EndpointAnnotation>()).ToList();

        Assert.Equal(4, endpoints.Select(endpoint => Assert.NotNull(endpoint.Port)).Distinct().Count());
        Assert.All(endpoints, endpoint => Assert.False(endpoint.IsProxied));
    }

    [Theory]
    [InlineData("process")]
    [InlineData("container")]
    public async Task PortThatIsAskedFor_IsKept(string runAs)
    {
        using var port = PortReservation.Take();

        await using var decision = await Decision.MakeAsync(
            builder => builder.AddValkey("valkey", port.Port).RunAsProcessWithoutEngine(), _limit.Token, $"--Servers:RunAs={runAs}");

        Assert.Equal(port.Port, decision.Resources.OfType<ValkeyResource>().Single().PrimaryEndpoint.EndpointAnnotation.Port);
    }

    [Fact]
    public async Task Process_IsHidden_AndItsServerHasTheCommandsOfAContainer()
    {
        await using var decision = await Decision.MakeAsync(AddServers, _limit.Token, "--Servers:RunAs=process");

        Assert.All(decision.Processes, process => Assert.True(process.Annotations.OfType<ResourceSnapshotAnnotation>().Single().InitialSnapshot.IsHidden));
        Assert.All(decision.Processes, process => Assert.Superset(
            new HashSet<string> { KnownResourceCommands.StartCommand, KnownResourceCommands.StopCommand, KnownResourceCommands.RestartCommand },
            process.Server.Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name).ToHashSet(StringComparer.Ordinal)));
    }

    [Fact]
    public void Publishing_KnowsOnlyContainers()
    {
        var builder = DistributedApplicationTestingBuilder.Create("--operation", "publish");
        AddServers(builder);

        Assert.True(builder.ExecutionContext.IsPublishMode);
        Assert.DoesNotContain(builder.Resources, resource => resource is ServerProcessResource);
        Assert.Equal(2, builder.Resources.Count(resource => resource.IsContainer()));
    }

    private static void AddServers(IDistributedApplicationBuilder builder)
    {
        builder.AddValkey("valkey").RunAsProcessWithoutEngine();
        builder.AddPostgres("postgres").RunAsProcessWithoutEngine();
    }
}
