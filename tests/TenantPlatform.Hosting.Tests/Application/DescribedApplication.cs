using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>Base of tests that describe an application and run it.</summary>
public abstract class DescribedApplication : IAsyncLifetime
{
    private DistributedApplication? _app;

    protected CancellationTokenSource Limit { get; } = new(TimeSpan.FromMinutes(4));

    protected IDistributedApplicationTestingBuilder Builder { get; } = DistributedApplicationTestingBuilder.Create("--Containers:Engine=none");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        Limit.Dispose();
    }

    protected async Task<DistributedApplication> StartAsync()
    {
        _app = await Builder.BuildAsync(Limit.Token);
        await _app.StartAsync(Limit.Token);
        return _app;
    }

    /// <summary>All that a resource wrote, which has ended.</summary>
    protected async Task<IReadOnlyList<string>> LinesOfEndedAsync(DistributedApplication app, string resource)
    {
        await app.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, Limit.Token);
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(Limit.Token))
            return [.. batch.Select(line => line.Content)];
        return [];
    }

    protected static string? Property(CustomResourceSnapshot snapshot, string name) =>
        Convert.ToString(snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value, CultureInfo.InvariantCulture);

    protected static CustomResourceSnapshot Now(DistributedApplication app, string resource) =>
        app.ResourceNotifications.TryGetCurrentState(resource, out var now) ? now.Snapshot : throw new InvalidOperationException($"Nothing is known of '{resource}'.");
}
