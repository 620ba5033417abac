namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>What was measured under one kind of fault.</summary>
internal sealed class FaultFigures
{
    /// <summary>How many such faults there were.</summary>
    public int Faults { get; set; }

    public int Requests { get; set; }

    /// <summary>Failures that nothing excuses.</summary>
    public int Failures { get; set; }

    /// <summary>Failures of tenants' databases: the configuration was found, and is the present one.</summary>
    public int OfDatabases { get; set; }

    /// <summary>The age of each answer that a change had outdated before it was asked for.</summary>
    public List<TimeSpan> Stale { get; } = [];

    /// <summary>From each accepted suspension to the last answer that still served the tenant; zero when none did.</summary>
    public List<TimeSpan> Denials { get; } = [];
}
