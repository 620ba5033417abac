namespace TenantPlatform.RunbookDrills.Alerts;

/// <summary>Something that goes wrong, and the alerts that must fire while it does.</summary>
/// <param name="Cause">What goes wrong, as the table shows it.</param>
/// <param name="Alerts">The alerts that it must let fire.</param>
/// <param name="BeginAsync">Makes it go wrong, and returns once it does; what is returned ends it.</param>
internal sealed record AlertDrill(string Cause, IReadOnlyList<string> Alerts, Func<Scene, CancellationToken, Task<IAsyncDisposable>> BeginAsync);
