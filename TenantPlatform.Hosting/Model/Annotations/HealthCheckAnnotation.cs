namespace Aspire.Hosting.ApplicationModel;

/// <summary>A registered health check decides the resource's health.</summary>
public class HealthCheckAnnotation : IResourceAnnotation
{
    /// <summary>Creates it.</summary>
    public HealthCheckAnnotation(string key) => Key = key;

    /// <summary>The check's name.</summary>
    public string Key { get; }
}
