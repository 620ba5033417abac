namespace Aspire.Hosting.ApplicationModel;

/// <summary>What happens to earlier annotations of the same type.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>They stay.</summary>
    Append = 0,

    /// <summary>They are replaced.</summary>
    Replace = 1,
}
