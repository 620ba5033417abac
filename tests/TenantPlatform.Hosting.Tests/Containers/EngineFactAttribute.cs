namespace TenantPlatform.Hosting.Tests.Containers;

/// <summary>A test that needs a container engine; where none answers it says skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute() => Skip = TestImages.Fault;
}
