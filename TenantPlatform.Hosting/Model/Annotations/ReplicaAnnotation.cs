namespace Aspire.Hosting.ApplicationModel;

/// <summary>How many replicas a resource has.</summary>
public sealed class ReplicaAnnotation : IResourceAnnotation
{
    /// <summary>Creates it.</summary>
    public ReplicaAnnotation(int replicas = 1) => Replicas = replicas;

    /// <summary>How many.</summary>
    public int Replicas { get; }
}
