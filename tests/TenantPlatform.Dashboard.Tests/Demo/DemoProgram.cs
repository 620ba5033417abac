namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>Serves the demo until the process is stopped, on the port that is given, or on a free one.</summary>
internal static class DemoProgram
{
    public static async Task Main(string[] args)
    {
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
    }
}
