using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>Shows a resource that is only a value, or that runs elsewhere: it is there when its value is known.</summary>
internal sealed class PassiveRunner(string origin, Func<CancellationToken, ValueTask<ResourcePropertySnapshot?>> value) : IRunner
{
    public static PassiveRunner Of(ParameterResource parameter) => new(
        "a parameter",
        async cancellationToken => parameter.Secret
            ? await Secret(parameter.GetValueAsync(cancellationToken))
            : new ResourcePropertySnapshot(ResourceProperties.Value, await parameter.GetValueAsync(cancellationToken)));

    public static PassiveRunner Of(IResourceWithConnectionString resource) => new(
        "a connection string",
        async cancellationToken => await Secret(resource.GetConnectionStringAsync(cancellationToken)));

    public static PassiveRunner Of(Aspire.Hosting.ExternalServiceResource service) => new(
        "runs elsewhere",
        async cancellationToken => new ResourcePropertySnapshot(ResourceProperties.Value, (await service.AddressAsync(cancellationToken)).ToString()));

    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken) =>
        new Present(origin, await value(cancellationToken) is { } fact ? [fact] : []);

    // Asked for, so that a missing one is noticed, and not kept: a snapshot is no place for a secret.
    private static async ValueTask<ResourcePropertySnapshot> Secret(ValueTask<string?> value)
    {
        await value;
        return new ResourcePropertySnapshot(ResourceProperties.Value, "********") { IsSensitive = true };
    }

    private sealed class Present(string origin, IReadOnlyList<ResourcePropertySnapshot> facts) : IRunning
    {
        private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int? ProcessId => null;

        public string Origin { get; } = origin;

        public IReadOnlyList<ResourcePropertySnapshot> Facts { get; } = facts;

        public Task<int> Exited => _exited.Task;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            _exited.TrySetResult(0);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
