using Aspire.Hosting;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>The tests' own assembly as a project to run: <see cref="ReplicaService"/> when its first argument is <c>replica</c>.</summary>
internal sealed class ReplicaProject : IProjectMetadata, IBuiltProject
{
    public string ProjectPath => TargetPath;

    public string TargetPath => typeof(ReplicaProject).Assembly.Location;
}
