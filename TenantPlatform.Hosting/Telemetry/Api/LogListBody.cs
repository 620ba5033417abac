using TenantPlatform.Hosting.Telemetry.Store.Logs;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A page of the structured logs.</summary>
internal sealed record LogListBody(int Total, LogBody[] Logs)
{
    public static LogListBody Of(LogPage page) => new(page.Total, [.. page.Logs.Select(LogBody.Of)]);
}
