using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Containers;
using TenantPlatform.Hosting.Model;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs Valkey: as a container where an engine has the image, otherwise the machine's.</summary>
internal sealed class ValkeyRunner(ValkeyResource resource, ContainerSource containers, RunContext run) : IRunner
{
    private readonly DataVolumeAnnotation? _volume = resource.Annotations.OfType<DataVolumeAnnotation>().SingleOrDefault();

    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        void Report(string text) => log.Write(text, isError: false);

        var password = resource.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken) : null;
        var tried = new List<string>();
        if (await containers.FindAsync(resource, tried, Report, cancellationToken) is { } engine)
        {
            var options = new ContainerOptions
            {
                Resource = resource.Name,
                Owner = run.Owner,
                Image = ContainerSource.ImageOf(resource),
                Ports = [(resource.PrimaryEndpoint.Port, resource.PrimaryEndpoint.EndpointAnnotation.TargetPort ?? 6379)],
                Mounts = _volume is null ? [] : [run.Volume(new ContainerMountAnnotation(VolumeName, "/data", ContainerMountType.Volume, isReadOnly: false))],
                Output = log.Write,
            };
            return new ContainerRunning(await ValkeyContainer.StartAsync(engine, options, password, Persistence(), cancellationToken));
        }

        Report($"Not as a container: {string.Join("; ", tried)}.");
        var found = await ServerLocator.FindValkeyAsync(Report, cancellationToken);
        return new ValkeyRunning(await ValkeyServer.StartAsync(
            new ValkeyServerOptions
            {
                Binary = found.Require(tried),
                Port = resource.PrimaryEndpoint.Port,
                Password = password,
                DataDirectory = _volume is null ? null : run.VolumeDirectory(VolumeName),
                Configuration = Persistence(),
                Output = Report,
            },
            cancellationToken));
    }

    private string VolumeName => _volume?.Name ?? $"{resource.Name}-data";

    private string[] Persistence() => resource.Annotations.OfType<PersistenceAnnotation>().SingleOrDefault() is { } persistence
        ? [string.Create(CultureInfo.InvariantCulture, $"save {(long)persistence.Interval.TotalSeconds} {persistence.KeysChanged}")]
        : [];
}
