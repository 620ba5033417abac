using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>What a server runs as, seen from outside Aspire.</summary>
internal interface IServerForm
{
    /// <summary>What the configuration calls it.</summary>
    string RunAs { get; }

    /// <summary>Makes a server's image be here, under the name and version that its resource asks for: Aspire mounts volumes by the version.</summary>
    Task PrepareAsync(ContainerResource server, string image);

    /// <summary>What a running server's resource shows of it.</summary>
    string Identity(CustomResourceSnapshot snapshot);

    Task<bool> ExistsAsync(string identity);

    Task KillAsync(string identity);

    Task DeleteVolumeAsync(string appHostDirectory, string name);
}
