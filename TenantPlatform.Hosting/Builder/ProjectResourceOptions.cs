namespace Aspire.Hosting;

/// <summary>How a project becomes a resource.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile. Profiles are not read here: endpoints and variables are said in the AppHost.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether to read no launch profile.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether to take no endpoints from Kestrel's configuration.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
