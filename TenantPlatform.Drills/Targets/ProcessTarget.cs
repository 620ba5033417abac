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

    /// <summary>The process.</summary>
    public int Id => id;

    public Task KillAsync(CancellationToken cancellationToken) => SignalAsync(SigKill, "ended", state => state is null or 'Z' or 'X', cancellationToken);

    public Task PauseAsync(CancellationToken cancellationToken) => SignalAsync(SigStop, "frozen", state => state is 'T', cancellationToken);

    public Task ResumeAsync(CancellationToken cancellationToken) => SignalAsync(SigContinue, "running", state => state is not (null or 'T'), cancellationToken);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {id}");

    private async Task SignalAsync(int signal, string effect, Predicate<char?> hasEffect, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new DrillException("Windows has no signals: this drill needs Linux or macOS.");
        if (Kill(id, signal) != 0)
            throw new DrillException($"Signal {signal} could not be sent to {this}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        if (OperatingSystem.IsLinux())
            await Effect.UntilAsync($"{this} to be {effect}", () => Task.FromResult(hasEffect(State())), cancellationToken);
    }

    // The letter behind the name, which stands in parentheses and may hold some of its own; null when there is no such process.
    private char? State()
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int id, int signal);
}
