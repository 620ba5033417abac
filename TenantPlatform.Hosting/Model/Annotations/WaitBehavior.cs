namespace Aspire.Hosting.ApplicationModel;

/// <summary>What waiting does when the other resource has failed.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on: somebody may start the other again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>It ends with the cause.</summary>
    StopOnResourceUnavailable = 1,
}
