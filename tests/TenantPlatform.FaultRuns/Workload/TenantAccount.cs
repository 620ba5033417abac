using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Workload;

/// <summary>A tenant of the runs: its books, and what is known of its state at the tenant-manager. One operator at a time.</summary>
internal sealed class TenantAccount(int number, Tenant tenant, Books books)
{
    public int Number { get; } = number;

    public Tenant Tenant { get; } = tenant;

    public Books Books { get; } = books;

    /// <summary>The revision known last.</summary>
    public long Revision { get; set; }

    public bool IsSuspended { get; set; }

    /// <summary>When a suspension is to end.</summary>
    public TimeSpan ReactivateAt { get; set; }

    /// <summary>A change that was asked for and not answered: it may yet happen.</summary>
    public (ChangeKind Kind, TimeSpan Sent)? Pending { get; set; }
}
