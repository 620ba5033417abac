using System.Reflection;
using System.Runtime.ExceptionServices;
using Aspire.Hosting;

namespace TenantPlatform.Hosting.Testing;

/// <summary>
/// Lets a test take hold of the application that an AppHost's entry point describes: the entry point runs as always, but
/// its builder waits at <c>Build</c> until the test has changed what it wants, and its <c>Run</c> only waits for the end.
/// </summary>
internal sealed class Interception(Assembly appHost, string[] arguments)
{
    private static readonly AsyncLocal<Interception?> Ambient = new();
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reachedBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _described = new();

    /// <summary>The interception of the present flow; null outside tests.</summary>
    public static Interception? Current => Ambient.Value;

    public Assembly AppHost { get; } = appHost;

    public string[] Arguments { get; } = arguments;

    /// <summary>Ends with the entry point.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Runs the entry point up to <c>Build</c>, and returns its builder.</summary>
    public async Task<DistributedApplicationBuilder> RunAsync(CancellationToken cancellationToken)
    {
        var entryPoint = AppHost.EntryPoint ?? throw new InvalidOperationException($"{AppHost.GetName().Name} has no entry point.");

        // A thread of its own: the entry point blocks for as long as the application lives.
        Ended = Task.Factory.StartNew(() => Enter(entryPoint), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var first = await Task.WhenAny(_built.Task, _created.Task, Ended).WaitAsync(cancellationToken);
        if (first == Ended)
        {
            await Ended;
            throw new InvalidOperationException("The AppHost's entry point ended without building an application.");
        }

        return await _created.Task;
    }

    /// <summary>Lets the builder build.</summary>
    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _described.TrySetResult();
        var first = await Task.WhenAny(_built.Task, Ended).WaitAsync(cancellationToken);
        if (first == Ended)
            await Ended;
        return await _built.Task;
    }

    public void Created(DistributedApplicationBuilder builder) => _created.TrySetResult(builder);

    public void WaitUntilDescribed()
    {
        _reachedBuild.TrySetResult();
        _described.Task.GetAwaiter().GetResult();
    }

    public void Built(DistributedApplication application) => _built.TrySetResult(application);

    /// <summary>Ends when the entry point has said all it has to say.</summary>
    public async Task DescribedAsync(CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(_reachedBuild.Task, Ended).WaitAsync(cancellationToken);
        await first;
        if (first == Ended && !_reachedBuild.Task.IsCompleted)
            throw new InvalidOperationException("The AppHost's entry point ended without building an application.");
    }

    private void Enter(MethodInfo entryPoint)
    {
        Ambient.Value = this;
        try
        {
            var result = entryPoint.Invoke(obj: null, entryPoint.GetParameters().Length == 0 ? [] : [Arguments]);
            if (result is Task task)
                task.GetAwaiter().GetResult();
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
        }
    }
}
