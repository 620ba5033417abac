namespace Cache.Core.Benchmarks;

/// <summary>Where plots are written.</summary>
internal static class RepositoryRoot
{
    /// <exception cref="InvalidOperationException">The current directory is outside the repository.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TenantPlatform.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Run it inside the repository: the plot belongs into its docs folder.");
    }
}
