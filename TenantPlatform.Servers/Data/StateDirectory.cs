using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Where the servers of one AppHost keep their data, and where a run of it keeps what need not be kept. Only <see cref="Volume"/> is for concurrent use.</summary>
/// <param name="appHostDirectory">The AppHost's project directory.</param>
/// <param name="keepVolumes">Whether volumes outlive this run.</param>
internal sealed class StateDirectory(string appHostDirectory, bool keepVolumes) : IDisposable
{
    private static int _count;
    private readonly List<FileStream> _locks = [];

    // The users that servers run as cannot pass through root's home.
    private readonly string _root = Path.Combine(
        Environment.IsPrivilegedProcess
            ? "/var/lib"
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "tenant-platform",
        $"{Path.GetFileName(appHostDirectory)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appHostDirectory)))[..8]}");

    // Short: a Unix socket's path must fit into about 100 bytes.
    private readonly string _runs = $"/tmp/tenant-platform-{Environment.UserName}";

    // A process, such as one of tests, may run several applications, at once too; and in a container another one may have its id.
    private readonly string _name = string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    private FileStream? _run;

    private string Run => Path.Combine(_runs, _name);

    /// <summary>The directory of a volume, which no other run may use until this object is disposed.</summary>
    /// <exception cref="ServerStartException">Another run uses it.</exception>
    public string Volume(string name)
    {
        var path = VolumePath(name);
        lock (_locks)
        {
            if (!keepVolumes)
                HoldRun();
            Directory.CreateDirectory(path);
            Hold(path);
        }

        return path;
    }

    /// <summary>
    /// The port of the server that keeps its data in a volume, on which every run finds it: what was written down under its old
    /// address, such as a tenant's configuration in a cache, would otherwise lead nowhere after a restart. A volume that is thrown away has none.
    /// </summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="choose">Chooses one, told what it was in the last run. If that is taken now, this run's differs, and the next one may have it again.</param>
    public int Port(string volume, Func<int?, int> choose)
    {
        if (!keepVolumes)
            return choose(null);
        var file = VolumePath(volume) + ".port";
        if (File.Exists(file) && int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return choose(last);
        var port = choose(null);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    /// <summary>An empty directory for one start of a server.</summary>
    public string Scratch(string server)
    {
        lock (_locks)
            HoldRun();
        var path = Path.Combine(Run, server);
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>
    /// Deletes what runs left behind that were killed: nobody holds their lock. That a process is not to be seen says nothing, it may
    /// run in another namespace of processes on the same file system.
    /// </summary>
    public void DeleteLeftovers()
    {
        if (!Directory.Exists(_runs))
            return;
        foreach (var run in Directory.GetDirectories(_runs))
        {
            if (!int.TryParse(Path.GetFileName(run).Split('-')[0], CultureInfo.InvariantCulture, out var process) || LocalServers.Processes.UnixProcess.Exists(process))
                continue;
            try
            {
                using var unused = Lock(run);
                Delete(run);
                File.Delete(unused.Name);
            }
            catch (IOException)
            {
                // It runs.
            }
        }
    }

    /// <summary>Deletes what this run need not keep, and lets others have the volumes.</summary>
    public void Dispose()
    {
        Delete(Run);
        if (_run is not null)
        {
            File.Delete(_run.Name);
            _run.Dispose();
            _run = null;
        }

        _locks.ForEach(held => held.Dispose());
        _locks.Clear();
    }

    /// <summary>Before there is anything in it: what nobody holds is a leftover.</summary>
    private void HoldRun()
    {
        if (_run is not null)
            return;
        Directory.CreateDirectory(_runs);
        _run = Lock(Run);
    }

    private static FileStream Lock(string directory) => new(directory + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private void Hold(string path)
    {
        if (keepVolumes && !_locks.Exists(held => held.Name == path + ".lock"))
        {
            try
            {
                _locks.Add(Lock(path));
            }
            catch (IOException exception)
            {
                throw new ServerStartException($"The data in {path} is in use: another copy of this AppHost runs. Stop it first, or work in another clone.", exception);
            }
        }
    }

    private string VolumePath(string name) => Path.Combine(keepVolumes ? _root : Run, "volumes", name);

    private static void Delete(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
        catch (IOException)
        {
            // A server that is just ending still writes there: the next run's start deletes it.
        }
    }
}
