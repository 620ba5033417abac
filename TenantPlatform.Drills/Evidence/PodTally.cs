namespace TenantPlatform.Drills.Evidence;

/// <summary>What one pod did during a watch.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="Requests">How many requests it got.</param>
/// <param name="Failures">How many were not served, by reason.</param>
/// <param name="Stale">How many were served on a configuration that was past its time or not the current one.</param>
/// <param name="CutOff">The longest time in which requests failed and none was served; zero when none failed.</param>
/// <param name="IsCutOff">Whether it was cut off still when the watch ended.</param>
/// <param name="Slowest">How long the slowest served request took.</param>
internal sealed record PodTally(
    string Pod,
    int Requests,
    IReadOnlyDictionary<string, int> Failures,
    int Stale,
    TimeSpan CutOff,
    bool IsCutOff,
    TimeSpan Slowest)
{
    /// <summary>How many requests were not served.</summary>
    public int Failed => Failures.Values.Sum();

    /// <summary>Counts a pod's answers, which came one after the other.</summary>
    public static PodTally Of(string pod, IReadOnlyList<PodAnswer> answers, TimeSpan end)
    {
        var served = answers.Where(answer => answer.IsServed).ToList();
        var (cutOff, isCutOff) = LongestCutOff(answers, end);
        return new PodTally(
            pod,
            answers.Count,
            answers.Where(answer => !answer.IsServed).CountBy(answer => answer.Failure!).ToDictionary(StringComparer.Ordinal),
            answers.Count(answer => answer.IsStale),
            cutOff,
            isCutOff,
            served.Count == 0 ? TimeSpan.Zero : served.Max(answer => answer.Ended - answer.Begun));
    }

    // From the last answer before the first failure to the first one after the last.
    private static (TimeSpan Longest, bool IsStill) LongestCutOff(IReadOnlyList<PodAnswer> answers, TimeSpan end)
    {
        var longest = TimeSpan.Zero;
        var lastServed = TimeSpan.Zero;
        var hasFailed = false;
        foreach (var answer in answers)
        {
            if (answer.IsServed)
            {
                if (hasFailed)
                    longest = Longer(longest, answer.Ended - lastServed);
                (lastServed, hasFailed) = (answer.Ended, false);
            }
            else
            {
                hasFailed = true;
            }
        }

        return hasFailed ? (Longer(longest, end - lastServed), true) : (longest, false);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
