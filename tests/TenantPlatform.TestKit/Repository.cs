namespace TenantPlatform.TestKit;

/// <summary>Where the repository is whose tests these are.</summary>
public static class Repository
{
    private const string Marker = "TenantPlatform.sln";

    /// <summary>Its root. Not by the compiler's path of a file: a build in CI maps that away.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, Marker)))
            folder = folder.Parent ?? throw new InvalidOperationException($"{Marker} was not found above {AppContext.BaseDirectory}: run the tests in the repository.");
        return folder.FullName;
    }
}
