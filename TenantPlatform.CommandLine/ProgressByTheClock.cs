using Spectre.Console;

namespace TenantPlatform.CommandLine;

/// <summary>Progress of what cannot be counted.</summary>
public static class ProgressByTheClock
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Goes on by the clock while something runs of which only its usual length is known, and is at its end when that is.</summary>
    /// <param name="progress">What goes on.</param>
    /// <param name="steps">How many of its steps this is.</param>
    /// <param name="length">How long it usually takes; when it takes longer, the progress waits for it.</param>
    /// <param name="work">What runs.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public static async Task<T> WhileAsync<T>(this ProgressTask progress, double steps, TimeSpan length, Task<T> work, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(work);
        time ??= TimeProvider.System;
        var (from, began) = (progress.Value, time.GetTimestamp());
        await using var timer = time.CreateTimer(
            _ => progress.Value = Math.Max(progress.Value, from + (steps * Math.Min(1, time.GetElapsedTime(began) / length))), state: null, Tick, Tick).ConfigureAwait(false);
        var result = await work.ConfigureAwait(false);
        progress.Value = from + steps;
        return result;
    }
}
