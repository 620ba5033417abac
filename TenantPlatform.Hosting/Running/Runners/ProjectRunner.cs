using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Processes;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs a project from its build output.</summary>
internal sealed class ProjectRunner(ProjectResource project, Replica replica, ResourceValues values, Observatory observatory) : IRunner
{
    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        var metadata = project.Annotations.OfType<IProjectMetadata>().Single();
        if (metadata is not IBuiltProject { TargetPath: var target })
            throw new DistributedApplicationException($"The project '{metadata.ProjectPath}' is not one that the AppHost references.");
        if (!File.Exists(target))
            throw new DistributedApplicationException($"The project's output '{target}' is missing: build the solution.");

        var environment = await values.EnvironmentAsync(project, replica, cancellationToken);
        observatory.Tell(environment, project.Name, replica.Id);
        var urls = project.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme is "http" or "https").ToArray();
        if (urls.Length > 0)
            environment.TryAdd("ASPNETCORE_URLS", string.Join(';', urls.Select(endpoint => replica.AddressOf(endpoint).ToString().TrimEnd('/'))));
        var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "dotnet",
                Arguments = [target, .. await ResourceValues.ArgumentsAsync(project, cancellationToken)],
                WorkingDirectory = Path.GetDirectoryName(metadata.ProjectPath),
                Environment = environment,
                OutputLine = line => log.Write(line, isError: false),
                ErrorLine = line => log.Write(line, isError: true),
            },
            cancellationToken);
        return new ProcessRunning(process, Path.GetFileName(target));
    }
}
