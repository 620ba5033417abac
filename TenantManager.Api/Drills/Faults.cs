namespace TenantManager.Api.Drills;

/// <summary>The plan in force. Only Development can change it.</summary>
internal sealed class Faults
{
    private volatile FaultPlan _current = new();

    public FaultPlan Current
    {
        get => _current;
        set => _current = value;
    }
}
