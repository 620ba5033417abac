using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Containers;

/// <summary>
/// Decides whether a server can run as a container: an engine answers, and has or can pull the image. The engine is asked once
/// for all servers; one that did not answer is asked again by a later start. Safe for concurrent use.
/// </summary>
/// <param name="choice">Which engine; see <see cref="ContainerEngine.FindAsync"/>.</param>
/// <param name="owner">Whose containers of an earlier run are removed first; null: nobody's.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerSource(Func<string?> choice, string? owner, TimeProvider time)
{
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<(ContainerEngine? Engine, IReadOnlyList<string> Tried)>? _asking;
    private long _asked;

    /// <summary>Begins to ask, so that the answer is there when the first server needs it.</summary>
    public void Ask() => _ = EngineAsync();

    /// <summary>The engine for the resource's image; null when there is none, and then <paramref name="tried"/> says why.</summary>
    public async Task<ContainerEngine?> FindAsync(ContainerResource resource, List<string> tried, Action<string> report, CancellationToken cancellationToken)
    {
        var (engine, without) = await EngineAsync().WaitAsync(cancellationToken);
        tried.AddRange(without);
        if (engine is null || await engine.ObtainAsync(ImageOf(resource), report, cancellationToken) is not { } fault)
            return engine;
        tried.Add(fault);
        return null;
    }

    public static string ImageOf(ContainerResource resource) =>
        resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Reference
        ?? throw new InvalidOperationException($"The container '{resource.Name}' has no image.");

    private Task<(ContainerEngine? Engine, IReadOnlyList<string> Tried)> EngineAsync()
    {
        lock (_lock)
        {
            if (_asking is null or { IsCompleted: true, IsCompletedSuccessfully: false }
                || (_asking is { IsCompletedSuccessfully: true, Result.Engine: null } && time.GetElapsedTime(_asked) > AskedAgainAfter))
            {
                _asked = time.GetTimestamp();
                _asking = AskEngineAsync();
            }

            return _asking;
        }
    }

    // No caller's to cancel: others wait for the same answer, and each question has a limit of its own.
    private async Task<(ContainerEngine? Engine, IReadOnlyList<string> Tried)> AskEngineAsync()
    {
        await Task.Yield();
        var tried = new List<string>();
        var engine = await ContainerEngine.FindAsync(choice(), tried, CancellationToken.None);
        if (engine is not null && owner is not null)
            await engine.RemoveLeftoversAsync(owner, CancellationToken.None);
        return (engine, tried);
    }
}
