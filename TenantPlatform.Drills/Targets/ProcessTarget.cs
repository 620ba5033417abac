using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TenantPlatform.Drills;

/// <summary>A process of this machine, reached by signals.</summary>
internal sealed partial class ProcessTarget(int id) : IDrillTarget
{
    // The numbers differ between systems for all but the first.
    private const int SigKill = 9;
    private static readonly int SigStop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int SigContinue = OperatingSystem.IsMacOS() ? 19 : 18;

    public Task KillAsync(CancellationToken cancellationToken) => SendAsync(SigKill);

    public Task PauseAsync(CancellationToken cancellationToken) => SendAsync(SigStop);

    public Task ResumeAsync(CancellationToken cancellationToken) => SendAsync(SigContinue);

    private Task SendAsync(int signal)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Windows has no signals: this drill needs Linux or macOS.");
        if (Kill(id, signal) != 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Signal {signal} could not be sent to process {id}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}."));
        }

        return Task.CompletedTask;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int id, int signal);
}
