namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that resources are in.</summary>
public static class KnownResourceStates
{
    /// <summary>It waits to be told to start.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>It waits for others.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>It is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>It runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>It could not be started.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>It is being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>Its process has ended.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>It has done its work.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>A parameter has no value.</summary>
    public static readonly string ValueMissing = "ValueMissing";

    /// <summary>Nothing goes on from here by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
