using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Model;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs the machine's Valkey.</summary>
internal sealed class ValkeyRunner(ValkeyResource resource, RunContext run) : IRunner
{
    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        var binary = (await ServerLocator.FindValkeyAsync(text => log.Write(text, isError: false), cancellationToken)).Require();
        var volume = resource.Annotations.OfType<DataVolumeAnnotation>().SingleOrDefault();
        var server = await ValkeyServer.StartAsync(
            new ValkeyServerOptions
            {
                Binary = binary,
                Port = resource.PrimaryEndpoint.Port,
                Password = resource.PasswordParameter is { } password ? await password.GetValueAsync(cancellationToken) : null,
                DataDirectory = volume is null ? null : run.VolumeDirectory(volume.Name ?? $"{resource.Name}-data"),
                Configuration = Persistence(),
                Output = line => log.Write(line, isError: false),
            },
            cancellationToken);
        return new ValkeyRunning(server);
    }

    private string[] Persistence() => resource.Annotations.OfType<PersistenceAnnotation>().SingleOrDefault() is { } persistence
        ? [string.Create(CultureInfo.InvariantCulture, $"save {(long)persistence.Interval.TotalSeconds} {persistence.KeysChanged}")]
        : [];
}
