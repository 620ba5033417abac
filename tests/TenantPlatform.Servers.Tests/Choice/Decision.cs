using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Servers.Tests.Choice;

/// <summary>An application whose servers have been decided about, and that has not been started.</summary>
internal sealed class Decision : IAsyncDisposable
{
    private readonly DistributedApplication _app;

    private Decision(DistributedApplication app) => _app = app;

    public IReadOnlyList<IResource> Resources => [.. _app.Services.GetRequiredService<DistributedApplicationModel>().Resources];

    public IEnumerable<ServerProcessResource> Processes => Resources.OfType<ServerProcessResource>();

    public static async Task<Decision> MakeAsync(Action<IDistributedApplicationTestingBuilder> describe, CancellationToken cancellationToken, params string[] settings)
    {
        var builder = DistributedApplicationTestingBuilder.Create(settings);
        describe(builder);
        var decision = new Decision(await builder.BuildAsync(cancellationToken));
        try
        {
            await decision.PublishAsync(builder.ExecutionContext, cancellationToken);
            return decision;
        }
        catch
        {
            await decision.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first line of a server's log that says what it runs as.</summary>
    public async Task<string> ReasonAsync(string server, CancellationToken cancellationToken)
    {
        await foreach (var lines in _app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(server).WithCancellation(cancellationToken))
        {
            if (lines.Select(line => line.Content).FirstOrDefault(line => line.Contains("Runs as", StringComparison.Ordinal)) is { } found)
                return found;
        }

        throw new InvalidOperationException($"The log of '{server}' says nothing.");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // What the application itself does first when it starts.
    private async Task PublishAsync(DistributedApplicationExecutionContext context, CancellationToken cancellationToken)
    {
        var eventing = new DistributedApplicationEventing();
        var servers = _app.Services.GetServices<IDistributedApplicationEventingSubscriber>().OfType<ServerProcesses>().Single();
        await servers.SubscribeAsync(eventing, context, cancellationToken);
        await eventing.PublishAsync(new BeforeStartEvent(_app.Services, _app.Services.GetRequiredService<DistributedApplicationModel>()), cancellationToken);
    }
}
