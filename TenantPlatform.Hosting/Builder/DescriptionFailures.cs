using Aspire.Hosting;

namespace TenantPlatform.Hosting;

/// <summary>Ends an AppHost that is described wrongly, or that cannot run here, with one line that says why.</summary>
internal static class DescriptionFailures
{
    private static int _installed;

    public static void ShowAsOneLine()
    {
        if (Interlocked.Exchange(ref _installed, 1) != 0)
            return;
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (unhandled.ExceptionObject is not DistributedApplicationException exception)
                return;
            Console.Error.WriteLine(exception.Message);
            Environment.Exit(1);
        };
    }
}
