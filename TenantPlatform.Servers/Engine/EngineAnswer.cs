namespace TenantPlatform.Servers;

/// <summary>What became of asking for a container engine.</summary>
/// <param name="IsThere">Whether one answers.</param>
/// <param name="Reason">Which one does, or why none does.</param>
internal sealed record EngineAnswer(bool IsThere, string Reason);
