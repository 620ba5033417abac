using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Watching;

/// <summary>
/// Asks one respondent about one change: at once, then after gaps that grow from milliseconds to the usual one, until it agrees or is
/// given up. Whatever it answers meanwhile, each question was sent after the change was known.
/// </summary>
internal sealed partial class ChangeWatch(Observations observations, ObserverOptions options, TimeProvider time, ILogger<ChangeWatch> logger)
{
    public async Task RunAsync(Seat seat, Change change, Truth truth, CancellationToken cancellationToken)
    {
        TimeSpan? stale = null;
        try
        {
            for (var gap = options.FirstGap; ; gap = Shorter(gap * 2, options.AskInterval))
            {
                var timed = await seat.AskAsync(change.Tenant, cancellationToken);
                var (asked, answered) = (time.GetElapsedTime(change.Known, timed.Sent), time.GetElapsedTime(change.Known, timed.Received));
                var verdict = Verdicts.Of(truth, timed.Answer);
                observations.Answered(seat, verdict, asked);
                if (verdict.IsStale())
                {
                    observations.IsStale(seat, change);
                    if (stale is null)
                        LogStale(seat.Name, verdict.Name(), change.Tenant.Value, asked.TotalSeconds);
                    stale = asked;
                }
                else if (verdict.IsLast())
                {
                    // One that does not tell any more leaves it open, as one that is given up does.
                    if (stale is { } sofar && verdict != Verdict.Untold)
                    {
                        stale = null;
                        observations.Ended(seat, change, new Staleness(sofar, answered));
                        LogAgreed(seat.Name, change.Tenant.Value, sofar.TotalSeconds, answered.TotalSeconds);
                    }

                    return;
                }

                if (seat.IsGone || time.GetElapsedTime(change.Known) >= options.GiveUp)
                    return;
                await Task.Delay(gap, time, cancellationToken);
            }
        }
        finally
        {
            if (stale is { } open)
                observations.Ended(seat, change, new Staleness(open, AtMost: null));
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Respondent} is stale ({Kind}) for tenant {Tenant}, asked {Seconds} s after the change was known")]
    private partial void LogStale(string respondent, string kind, string tenant, double seconds);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "{Respondent} agrees again for tenant {Tenant}: it was stale for {AtLeast} to {AtMost} s after the change was known")]
    private partial void LogAgreed(string respondent, string tenant, double atLeast, double atMost);
}
