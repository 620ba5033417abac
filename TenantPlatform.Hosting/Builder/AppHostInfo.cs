using System.Reflection;

namespace TenantPlatform.Hosting;

/// <summary>What the build wrote into the AppHost's assembly.</summary>
internal static class AppHostInfo
{
    public static string? Directory(Assembly? assembly) => Metadata(assembly, "AppHostProjectPath") is { } path ? Path.GetDirectoryName(path) : null;

    public static string? UserSecretsId(Assembly? assembly) => Metadata(assembly, "UserSecretsId");

    private static string? Metadata(Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == key)?.Value;
}
