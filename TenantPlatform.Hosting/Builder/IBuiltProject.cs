namespace TenantPlatform.Hosting;

/// <summary>What the build knows of a referenced project beyond Aspire's metadata. Generated beside it.</summary>
public interface IBuiltProject
{
    /// <summary>The assembly that the project was built into.</summary>
    string TargetPath { get; }
}
