using TenantPlatform.RunbookDrills.Alerts;

namespace TenantPlatform.RunbookDrills.Procedures;

/// <summary>A procedure of the runbook, carried out step by step under load through the gateway.</summary>
/// <param name="Name">How it is asked for.</param>
/// <param name="Section">The runbook's section.</param>
/// <param name="RunAsync">Carries it out and tells what it sees; throws <see cref="TenantPlatform.Testbed.PlatformException"/> when that is not what the runbook says.</param>
internal sealed record Procedure(string Name, string Section, Func<Scene, Action<string>, CancellationToken, Task> RunAsync);
