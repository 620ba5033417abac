namespace TenantPlatform.Drills;

/// <summary>Something that can be killed and frozen.</summary>
internal interface IDrillTarget
{
    Task KillAsync(CancellationToken cancellationToken);

    Task PauseAsync(CancellationToken cancellationToken);

    Task ResumeAsync(CancellationToken cancellationToken);
}
