using System.Security.Cryptography;

namespace TenantPlatform.Hosting.Dashboard;

/// <summary>How the dashboard is served. Taken from here only, never from the environment.</summary>
internal sealed record DashboardOptions
{
    /// <summary>The loopback port; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>What lets a browser in. A new one each run unless told.</summary>
    public string Token { get; init; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Lets everybody on this machine in; for tests.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>What the pages call the application.</summary>
    public string ApplicationName { get; init; } = "TenantPlatform";

    /// <summary>Names the port and not the token: options end up in logs.</summary>
    public override string ToString() => $"{nameof(DashboardOptions)} {{ Port = {Port}, AllowAnonymous = {AllowAnonymous} }}";
}
