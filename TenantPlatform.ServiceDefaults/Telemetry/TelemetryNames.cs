namespace TenantPlatform.ServiceDefaults.Telemetry;

/// <summary>The activity sources and meters that are exported: ours have the same name for both.</summary>
internal static class TelemetryNames
{
    private static readonly string[] Ours = ["Cache.Core", "TenantManager.Client", "TenantManager.Api", "Ledger.Api", "TenantPlatform.Observer"];

    public static string[] Sources { get; } = [.. Ours, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    public static string[] Meters { get; } =
    [
        .. Ours, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Diagnostics", "System.Net.Http", "System.Net.NameResolution", "System.Runtime", "Npgsql",
    ];
}
