using System.Globalization;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.EndToEnd.Tests.Evidence;

/// <summary>The last lines of every resource of the application under test.</summary>
internal static class ResourceLogs
{
    private static DistributedApplication? _app;
    private static string _kept = "(no application runs)";

    public static void Follow(DistributedApplication app) => _app = app;

    /// <summary>The application is about to end. Failures reach the sink a little after their tests: what it wrote is kept for them.</summary>
    public static void Keep()
    {
        _kept = Last();
        _app = null;
    }

    public static string Last()
    {
        if (_app is not { } app)
            return _kept;
        var text = new StringBuilder();
        foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(resource => resource is not ParameterResource))
        {
            var state = app.ResourceNotifications.TryGetCurrentState(resource.Name, out var now) ? now!.Snapshot.State?.Text : "?";
            text.AppendLine(CultureInfo.InvariantCulture, $"== {resource.Name} ({state})");

            // The runner asks synchronously; what has been written is there at once.
            foreach (var line in Task.Run(() => StartWatch.LastLinesAsync(app, resource)).GetAwaiter().GetResult())
                text.Append("   ").AppendLine(line);
        }

        return text.ToString();
    }
}
