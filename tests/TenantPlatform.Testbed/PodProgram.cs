namespace TenantPlatform.Testbed;

/// <summary>What a pod is started by.</summary>
/// <param name="Command">The program.</param>
/// <param name="Folder">The folder that it is started in; it reads its settings there.</param>
public sealed record PodProgram(string Command, string Folder);
