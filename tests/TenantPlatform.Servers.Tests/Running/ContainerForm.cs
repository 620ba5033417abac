using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>A server as a container.</summary>
internal sealed class ContainerForm : IServerForm
{
    public string RunAs => "container";

    public async Task PrepareAsync(ContainerResource server, string image)
    {
        await TestImages.BuiltAsync();
        Assert.True(server.TryGetContainerImageName(out var name));
        await Docker.RunAsync("tag", image, name);
    }

    public string Identity(CustomResourceSnapshot snapshot) => Snapshots.Property(snapshot, "container.id");

    public async Task<bool> ExistsAsync(string identity) =>
        (await Docker.RunAsync("ps", "--all", "--quiet", "--filter", $"id={identity}")).Length > 0;

    public Task KillAsync(string identity) => Docker.RunAsync("kill", identity);

    public Task DeleteVolumeAsync(string appHostDirectory, string name) => Docker.RunAsync("volume", "rm", "--force", name);
}
