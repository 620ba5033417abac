namespace TenantPlatform.LocalServers.Processes;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Zero for success.</param>
/// <param name="Output">What it wrote to standard output and standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output);
