namespace TenantPlatform.LocalServers;

/// <summary>A server program found on this machine.</summary>
/// <param name="Path">The program's full path.</param>
/// <param name="Version">Its version, such as <c>8.0.1</c>.</param>
/// <param name="Origin">Where it comes from, in words to show to the user.</param>
/// <param name="Environment">Environment variables that it needs to run.</param>
/// <param name="Warning">What the user should know about it, if anything.</param>
public sealed record ServerBinary(
    string Path,
    Version Version,
    string Origin,
    IReadOnlyDictionary<string, string?> Environment,
    string? Warning = null);
