namespace Aspire.Hosting;

/// <summary>What is done with the application's description.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It is run.</summary>
    Run = 0,

    /// <summary>It is published; not possible here.</summary>
    Publish = 1,
}
