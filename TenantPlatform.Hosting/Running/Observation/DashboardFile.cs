namespace TenantPlatform.Hosting.Running;

/// <summary>Tells <c>eng/drill</c> where the dashboard of this clone's AppHost is. Holds the token: only its owner can read it.</summary>
internal sealed class DashboardFile
{
    private readonly string _path;

    private DashboardFile(string path) => _path = path;

    public static DashboardFile Write(string directory, Uri loginAddress)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "dashboard");
        File.Delete(path);
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.WriteLine(loginAddress);
        return new DashboardFile(path);
    }

    public void Delete() => File.Delete(_path);
}
