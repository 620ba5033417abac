namespace TenantPlatform.Drills;

/// <summary>Something that can be killed and frozen. Each call returns when it has taken effect; <c>ToString</c> names it.</summary>
internal interface IDrillTarget
{
    Task KillAsync(CancellationToken cancellationToken);

    Task PauseAsync(CancellationToken cancellationToken);

    Task ResumeAsync(CancellationToken cancellationToken);
}
