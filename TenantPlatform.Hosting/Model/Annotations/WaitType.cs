namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a resource waits for.</summary>
public enum WaitType
{
    /// <summary>The other is healthy.</summary>
    WaitUntilHealthy = 0,

    /// <summary>The other has ended.</summary>
    WaitForCompletion = 1,

    /// <summary>The other runs.</summary>
    WaitUntilStarted = 2,
}
