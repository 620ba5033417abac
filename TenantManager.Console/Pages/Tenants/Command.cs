namespace TenantManager.Console.Pages.Tenants;

/// <summary>What can be done to a tenant.</summary>
public enum Command
{
    /// <summary>Refuse it for every service.</summary>
    Suspend,

    /// <summary>Refuse it for one service.</summary>
    SuspendService,

    /// <summary>Serve it again.</summary>
    Reactivate,

    /// <summary>Give it a database of a service's.</summary>
    Associate,

    /// <summary>Give its role a new password.</summary>
    Rotate,

    /// <summary>Change the limits of its pools.</summary>
    Limits,

    /// <summary>End it, with its data.</summary>
    Purge,

    /// <summary>Take its end back.</summary>
    Restore,
}
