namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a command is offered.</summary>
[Flags]
public enum ResourceCommandVisibility
{
    /// <summary>Nowhere; it can still be executed by name.</summary>
    None = 0,

    /// <summary>On the dashboard.</summary>
    UI = 1,

    /// <summary>To programs.</summary>
    Api = 2,
}
