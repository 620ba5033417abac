using System.Globalization;
using Spectre.Console;

namespace TenantPlatform.CommandLine;

/// <summary>Progress where nothing can be redrawn: a line now and then, and one at the end. What is quick prints nothing.</summary>
internal static class PlainProgress
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    public static async Task<T> RunAsync<T>(TextWriter output, ProgressTask progress, Func<ProgressTask, Task<T>> work, TimeProvider time)
    {
        using var timer = time.CreateTimer(_ => Print(), state: null, Every, Every);
        var result = await work(progress).ConfigureAwait(false);
        await timer.DisposeAsync().ConfigureAwait(false);
        if (progress.ElapsedTime > Quick)
            Print();
        return result;

        void Print() => output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Description}: {progress.Percentage:0} % after {progress.ElapsedTime?.TotalSeconds:0} s{Left(progress)}"));
    }

    private static string Left(ProgressTask progress) => progress.RemainingTime is { Ticks: > 0 } left && left < TimeSpan.FromDays(1)
        ? string.Create(CultureInfo.InvariantCulture, $", about {left.TotalSeconds:0} s left")
        : string.Empty;
}
