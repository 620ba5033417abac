using TenantPlatform.Hosting.Running;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>How <c>eng/drill</c> finds the dashboard.</summary>
public sealed class DashboardFileTests
{
    [Fact]
    public void Write_OnTheFirstStartOfAll_MakesItsDirectory_AndOnlyTheOwnerReads()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var state = Path.Combine(directory.FullName, "tenant-platform", "AppHost-1");

            var file = DashboardFile.Write(state, new Uri("http://127.0.0.1:1/login?t=x"));

            var path = Path.Combine(state, "dashboard");
            Assert.Equal("http://127.0.0.1:1/login?t=x", File.ReadAllText(path).TrimEnd());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            file.Delete();
            Assert.False(File.Exists(path));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
