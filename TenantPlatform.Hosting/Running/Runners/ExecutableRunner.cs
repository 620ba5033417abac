using Aspire.Hosting.ApplicationModel;
using TenantPlatform.Hosting.Processes;

namespace TenantPlatform.Hosting.Running;

/// <summary>Runs a program.</summary>
internal sealed class ExecutableRunner(ExecutableResource executable, Replica replica, ResourceValues values) : IRunner
{
    public async Task<IRunning> StartAsync(ResourceLog log, CancellationToken cancellationToken)
    {
        var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = executable.Command,
                Arguments = await ResourceValues.ArgumentsAsync(executable, cancellationToken),
                WorkingDirectory = executable.WorkingDirectory,
                Environment = await values.EnvironmentAsync(executable, replica, cancellationToken),
                OutputLine = line => log.Write(line, isError: false),
                ErrorLine = line => log.Write(line, isError: true),
            },
            cancellationToken);
        return new ProcessRunning(process, executable.Command);
    }
}
