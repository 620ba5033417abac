using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>A server as a process of this machine.</summary>
internal sealed class ProcessForm : IServerForm
{
    public string RunAs => "process";

    public Task PrepareAsync(ContainerResource server, string image) => Task.CompletedTask;

    public string Identity(CustomResourceSnapshot snapshot) => Snapshots.Property(snapshot, "executable.pid");

    public Task<bool> ExistsAsync(string identity) => Task.FromResult(UnixProcess.Exists(Id(identity)));

    public Task KillAsync(string identity)
    {
        using var process = Process.GetProcessById(Id(identity));
        process.Kill();
        return Task.CompletedTask;
    }

    public Task DeleteVolumeAsync(string appHostDirectory, string name)
    {
        using var state = new StateDirectory(appHostDirectory, keepVolumes: true);
        var volume = state.Volume(name);
        Directory.Delete(volume, recursive: true);
        File.Delete($"{volume}.lock");
        File.Delete($"{volume}.port");
        return Task.CompletedTask;
    }

    private static int Id(string identity) => int.Parse(identity, CultureInfo.InvariantCulture);
}
