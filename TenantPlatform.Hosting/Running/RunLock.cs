using Aspire.Hosting;

namespace TenantPlatform.Hosting.Running;

/// <summary>Keeps two AppHosts from running on the same data.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream? _file;

    private RunLock(FileStream? file) => _file = file;

    /// <exception cref="DistributedApplicationException">Another AppHost of the same directory runs.</exception>
    public static RunLock Take(RunContext run)
    {
        if (run.IsTest)
            return new RunLock(file: null);
        Directory.CreateDirectory(run.StateDirectory);
        try
        {
            return new RunLock(new FileStream(Path.Combine(run.StateDirectory, "apphost.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"Another AppHost of this directory is running on the data in '{run.StateDirectory}': stop it first, or use another clone.", exception);
        }
    }

    public void Dispose() => _file?.Dispose();
}
