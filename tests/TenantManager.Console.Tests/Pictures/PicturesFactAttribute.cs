using Xunit.Sdk;

namespace TenantManager.Console.Tests.Pictures;

/// <summary>No test at all, not even a skipped one, but where <c>CONSOLE_PICTURES</c> names a folder: eng/take-console-pictures.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("TenantManager.Console.Tests.Pictures.PicturesDiscoverer", "TenantManager.Console.Tests")]
public sealed class PicturesFactAttribute : FactAttribute
{
    public static string? Folder => Environment.GetEnvironmentVariable("CONSOLE_PICTURES");
}
