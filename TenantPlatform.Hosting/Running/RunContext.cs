using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Hosting.Running;

/// <summary>Where this run keeps things.</summary>
internal sealed class RunContext(string appHostDirectory, bool isTest, string? userSecretsId)
{
    /// <summary>Whether a test runs the application: nothing is kept then.</summary>
    public bool IsTest { get; } = isTest;

    public string? UserSecretsId { get; } = userSecretsId;

    /// <summary>What outlives the run: data and logs, per AppHost. Root's home is closed to the servers' users, so root's is elsewhere.</summary>
    public string StateDirectory { get; } = Path.Combine(
        Environment.IsPrivilegedProcess
            ? "/var/lib"
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "tenant-platform",
        $"{Path.GetFileName(appHostDirectory)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appHostDirectory)))[..8]}");

    /// <summary>Where resources' logs are written; null: nowhere, they are kept in memory.</summary>
    public string? LogDirectory => IsTest ? null : Path.Combine(StateDirectory, "logs");

    /// <summary>Marks this run's containers: the AppHost's, whose earlier ones are gone before it starts; in tests this process's.</summary>
    public string Owner => IsTest
        ? string.Create(CultureInfo.InvariantCulture, $"test-{Environment.ProcessId}")
        : Path.GetFileName(StateDirectory);

    /// <summary>A named volume of the engine belongs to this AppHost; in tests it ends with its container.</summary>
    public ContainerMountAnnotation Volume(ContainerMountAnnotation mount) => mount is { Type: ContainerMountType.Volume, Source: { } name }
        ? new ContainerMountAnnotation(IsTest ? null : $"tenant-platform-{Owner}-{name}", mount.Target, mount.Type, mount.IsReadOnly)
        : mount;

    public string VolumeDirectory(string name) => Path.Combine(StateDirectory, "volumes", name);
}
