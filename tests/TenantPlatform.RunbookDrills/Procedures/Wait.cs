using System.Diagnostics;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Procedures;

/// <summary>Waits for what must come about.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns how long it took.</summary>
    /// <exception cref="PlatformException">It did not come about in time.</exception>
    public static async Task<TimeSpan> UntilAsync(string what, TimeSpan limit, Func<Task<bool>> holds, CancellationToken stop)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            if (await holds())
                return clock.Elapsed;
            PlatformException.ThrowUnless(clock.Elapsed < limit, $"Not within {limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(Pause, stop);
        }
    }
}
