using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Containers;
using TenantPlatform.Hosting.Model;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs PostgreSQL: as a container where an engine has the image, otherwise the machine's.</summary>
internal sealed class PostgresRunner(PostgresServerResource resource, ContainerSource containers, RunContext run) : IRunner
{
    private readonly DataVolumeAnnotation? _volume = resource.Annotations.OfType<DataVolumeAnnotation>().SingleOrDefault();

    /// <summary>The server of the present run, for its databases.</summary>
    public IPostgresDatabases? Databases { get; private set; }

    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        void Report(string text) => log.Write(text, isError: false);

        var userName = (await resource.UserNameReference.GetValueAsync(cancellationToken))!;
        var password = (await resource.PasswordParameter.GetValueAsync(cancellationToken))!;
        var tried = new List<string>();
        if (await containers.FindAsync(resource, tried, Report, cancellationToken) is { } engine)
        {
            var options = new ContainerOptions
            {
                Resource = resource.Name,
                Owner = run.Owner,
                Image = ContainerSource.ImageOf(resource),
                Ports = [(resource.PrimaryEndpoint.Port, resource.PrimaryEndpoint.EndpointAnnotation.TargetPort ?? 5432)],
                Mounts = _volume is null ? [] : [run.Volume(new ContainerMountAnnotation(VolumeName, "/var/lib/postgresql/data", ContainerMountType.Volume, isReadOnly: false))],
                Output = log.Write,
            };
            var container = await PostgresContainer.StartAsync(engine, options, userName, password, cancellationToken);
            Databases = container;
            return new ContainerRunning(container.Container);
        }

        Report($"Not as a container: {string.Join("; ", tried)}.");
        var found = await ServerLocator.FindPostgresAsync(Report, cancellationToken);
        var server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Binary = found.Require(tried),
                Port = resource.PrimaryEndpoint.Port,
                UserName = userName,
                Password = password,
                DataDirectory = _volume is null ? null : run.VolumeDirectory(VolumeName),
                Output = Report,
            },
            cancellationToken);
        Databases = server;
        return new PostgresRunning(server);
    }

    private string VolumeName => _volume?.Name ?? $"{resource.Name}-data";
}
