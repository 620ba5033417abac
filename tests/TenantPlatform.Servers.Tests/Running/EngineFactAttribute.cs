namespace TenantPlatform.Servers.Tests.Running;

/// <summary>A test that needs a container engine; where none answers it is skipped and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute() => Skip = TestImages.Fault;
}
