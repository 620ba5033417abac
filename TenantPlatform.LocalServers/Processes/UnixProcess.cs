using System.ComponentModel;
using System.Runtime.InteropServices;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>The few system calls that .NET does not offer.</summary>
internal static partial class UnixProcess
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal to a process group, or to its leader while the group does not exist yet. A process that is gone is no error.</summary>
    public static void SignalGroup(int processId, UnixSignal signal)
    {
        var number = NumberOf(signal);
        if (Kill(-processId, number) == 0)
            return;
        if (Marshal.GetLastPInvokeError() == NoSuchProcess && (Kill(processId, number) == 0 || Marshal.GetLastPInvokeError() == NoSuchProcess))
            return;
        throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Signal {signal} could not be sent to process group {processId}.");
    }

    /// <summary>Sends a signal to one process. One that is gone is no error.</summary>
    public static void Signal(int processId, UnixSignal signal)
    {
        if (Kill(processId, NumberOf(signal)) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
            throw new Win32Exception(error, $"Signal {signal} could not be sent to process {processId}.");
    }

    /// <summary>Kills what is left of a group whose leader has ended.</summary>
    public static void KillGroupRemains(int processId) => _ = Kill(-processId, NumberOf(UnixSignal.Kill));

    /// <summary>Whether a process with this id exists, whoever owns it.</summary>
    public static bool Exists(int processId) => Kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    /// <summary>Gives a file or directory to a user.</summary>
    public static void ChangeOwner(string path, UnixUser user)
    {
        if (Chown(path, user.UserId, user.GroupId) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"'{path}' could not be given to user '{user.Name}'.");
    }

    private static int NumberOf(UnixSignal signal) => signal switch
    {
        UnixSignal.Interrupt => 2,
        UnixSignal.Quit => 3,
        UnixSignal.Kill => 9,
        UnixSignal.Terminate => 15,
        UnixSignal.Stop => OperatingSystem.IsMacOS() ? 17 : 19,
        UnixSignal.Continue => OperatingSystem.IsMacOS() ? 19 : 18,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "Unknown signal."),
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Chown(string path, uint userId, uint groupId);
}
