using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Model;
using TenantPlatform.Hosting.Servers;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs the machine's PostgreSQL.</summary>
internal sealed class PostgresRunner(PostgresServerResource resource, RunContext run) : IRunner
{
    /// <summary>The server of the present run, for its databases.</summary>
    public PostgresServer? Server { get; private set; }

    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        var binary = (await ServerLocator.FindPostgresAsync(text => log.Write(text, isError: false), cancellationToken)).Require();
        var volume = resource.Annotations.OfType<DataVolumeAnnotation>().SingleOrDefault();
        Server = await PostgresServer.StartAsync(
            new PostgresServerOptions
            {
                Binary = binary,
                Port = resource.PrimaryEndpoint.Port,
                UserName = (await resource.UserNameReference.GetValueAsync(cancellationToken))!,
                Password = (await resource.PasswordParameter.GetValueAsync(cancellationToken))!,
                DataDirectory = volume is null ? null : run.VolumeDirectory(volume.Name ?? $"{resource.Name}-data"),
                Output = line => log.Write(line, isError: false),
            },
            cancellationToken);
        return new PostgresRunning(Server);
    }
}
