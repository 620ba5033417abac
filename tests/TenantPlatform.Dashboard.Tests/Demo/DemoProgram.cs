using TenantPlatform.Dashboard.Tests.Browser;

namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>Serves the demo until the process is stopped, on the port that is given, or on a free one; or takes <see cref="PlatformPictures"/>.</summary>
internal static class DemoProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["pictures", var login, var directory, .. var names])
            return await PlatformPictures.TakeAsync(new Uri(login), directory, names);
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        await using var demo = await DemoHost.StartAsync(args.Length > 0 ? int.Parse(args[0]) : 0, isAnonymous: false);
        Console.WriteLine($"Dashboard: {demo.Server.LoginAddress}");
        try
        {
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }

        return 0;
    }
}
