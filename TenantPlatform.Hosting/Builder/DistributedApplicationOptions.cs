namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The assembly that describes the application; null: the program's own.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The directory of the project that describes the application; null: where it was built.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether to have no dashboard.</summary>
    public bool DisableDashboard { get; set; }
}
