using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>Events of the application and its resources, and waiting for others.</summary>
public sealed class LifecycleEventTests : DescribedApplication
{
    [Fact]
    public async Task Events_ComeInTheirOrder()
    {
        var told = new ConcurrentQueue<string>();
        Task Tell(string what)
        {
            told.Enqueue(what);
            return Task.CompletedTask;
        }

        Builder.OnBeforeStart((_, _) => Tell("before start"));
        Builder.Eventing.Subscribe<AfterEndpointsAllocatedEvent>((_, _) => Tell("all endpoints"));
        Builder.Eventing.Unsubscribe(Builder.Eventing.Subscribe<AfterEndpointsAllocatedEvent>((_, _) => Tell("nobody listens any more")));
        Builder.AddExecutable("worker", "sleep", ".", "60").WithHttpEndpoint()
            .OnResourceEndpointsAllocated((_, _, _) => Tell("endpoints"))
            .OnBeforeResourceStarted((_, _, _) => Tell("before resource"))
            .OnResourceReady((_, _, _) => Tell("ready"))
            .OnResourceStopped((_, stopped, _) => Tell($"stopped {stopped.ResourceEvent.Snapshot.ExitCode}"));
        Builder.AddConnectionString("link", ReferenceExpression.Create($"host=there")).OnConnectionStringAvailable((_, _, _) => Tell("connection string"));
        var app = await StartAsync();
        await Eventually.HoldsAsync("it is ready", () => told.Contains("ready"));

        await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, Limit.Token);

        Assert.Equal(["before start", "all endpoints", "endpoints", "connection string", "before resource", "ready", "stopped 143"], told);
    }

    [Fact]
    public async Task WaitForCompletion_StartsAfterTheOtherHasDoneItsWork()
    {
        var once = Builder.AddExecutable("once", "sh", ".", "-c", "exit 3");
        Builder.AddExecutable("after", "sh", ".", "-c", "echo began").WaitForCompletion(once, exitCode: 3);
        var app = await StartAsync();

        Assert.Contains("began", await LinesOfEndedAsync(app, "after"));
    }

    [Fact]
    public async Task WaitForCompletion_OtherFails_IsNotStarted_AndSaysWhy()
    {
        var once = Builder.AddExecutable("once", "sh", ".", "-c", "exit 1");
        Builder.AddExecutable("after", "sh", ".", "-c", "echo began").WaitForCompletion(once);
        var app = await StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("after", KnownResourceStates.FailedToStart, Limit.Token);

        Assert.Contains("'once' ended with exit code 1, 0 was expected", Property(Now(app, "after"), "resource.failure"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForStart_DoesNotWaitForHealth()
    {
        var sick = Builder.AddExecutable("sick", "sleep", ".", "60").WithHttpEndpoint().WithHttpHealthCheck("/health");
        Builder.AddExecutable("after", "sh", ".", "-c", "echo began").WaitForStart(sick);
        var app = await StartAsync();

        Assert.Contains("began", await LinesOfEndedAsync(app, "after"));
    }

    [Fact]
    public async Task Applications_SideBySide_DoNotDisturbEachOther()
    {
        var others = Enumerable.Range(0, 3).Select(_ => Aspire.Hosting.Testing.DistributedApplicationTestingBuilder.Create("--Containers:Engine=none")).ToArray();
        foreach (var other in others)
            other.AddValkey("valkey");
        Builder.AddValkey("valkey");
        var app = await StartAsync();
        var apps = await Task.WhenAll(others.Select(async other =>
        {
            var built = await other.BuildAsync(Limit.Token);
            await built.StartAsync(Limit.Token);
            return built;
        }));

        await Task.WhenAll(apps.Append(app).Select(running => running.ResourceNotifications.WaitForResourceHealthyAsync("valkey", Limit.Token)));
        var strings = await Task.WhenAll(apps.Append(app).Select(async running => await Aspire.Hosting.Testing.DistributedApplicationHostingTestingExtensions.GetConnectionStringAsync(running, "valkey", Limit.Token)));

        Assert.Equal(4, strings.Distinct(StringComparer.Ordinal).Count());
        foreach (var running in apps)
            await running.DisposeAsync();
    }
}
