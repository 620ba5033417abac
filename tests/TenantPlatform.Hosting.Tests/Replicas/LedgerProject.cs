using Aspire.Hosting;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>A built service, wherever it is.</summary>
internal sealed class LedgerProject : IProjectMetadata, IBuiltProject
{
    public static string Path { get; set; } = "";

    public string ProjectPath => Path;

    public string TargetPath => Path;
}
