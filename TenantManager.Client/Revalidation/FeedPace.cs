using TenantManager.Contracts.Changes;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// When the change feed is asked, and what an answer is good for; everything in parts of the interval in which each tenant would
/// be revalidated otherwise. What happened since the last answer and was told by no event must be learned, by the feed or without
/// it, before the interval is over (BoundedDenial).
/// </summary>
internal sealed class FeedPace(TimeSpan interval)
{
    /// <summary>From one question's beginning to the next one's, and so how often all pods together ask when much changes.</summary>
    private const double Gap = 0.55;

    /// <summary>By then after the last answer's reading of the state the next answer is asked to come.</summary>
    private const double LongestSilence = 0.65;

    /// <summary>Beyond it the feed is not relied on any more: what is left of the interval is for asking about each tenant.</summary>
    private const double Trusted = 0.75;

    /// <summary>Within it, tenants that the feed tells of are revalidated: all pods hear of them at the same moment.</summary>
    private const double Spread = 0.1;

    /// <summary>After so many intervals all revisions are compared, whatever the feed has told.</summary>
    private const double ComparedAfter = 20;

    /// <summary>After so many it is looked whether a tenant-manager without a feed has one now.</summary>
    private const double LookedForAfter = 10;

    /// <summary>For the tenant-manager's look at its state, beside the wait that it is granted.</summary>
    private static readonly TimeSpan LookMargin = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _gap = Shorter(interval * Gap, ChangeFeed.LongestWait);

    /// <summary>How long the tenant-manager may wait for a change before it answers.</summary>
    /// <param name="known">How long ago the state was read that the last answer stood for; null before the first.</param>
    public TimeSpan WaitFor(TimeSpan? known)
    {
        var left = (interval * LongestSilence) - (known ?? interval);
        return left > TimeSpan.Zero ? Shorter(left, _gap) : TimeSpan.Zero;
    }

    /// <summary>The bound on one question.</summary>
    /// <param name="wait">What the tenant-manager was granted.</param>
    /// <param name="timeout">What any other call may take.</param>
    public static TimeSpan LimitFor(TimeSpan wait, TimeSpan timeout) => wait + timeout + LookMargin;

    /// <summary>Whether an answer still is good for revalidating slowly.</summary>
    public bool IsTrusted(TimeSpan known) => known < interval * Trusted;

    /// <summary>The pause after an answer.</summary>
    /// <param name="asked">How long ago the question began.</param>
    public TimeSpan AfterAnswer(TimeSpan asked) => asked < _gap ? _gap - asked : TimeSpan.Zero;

    /// <summary>The pause after a failure: another one for each pod, so that they do not come together when the tenant-manager is back.</summary>
    /// <param name="draw">0 to 1.</param>
    public TimeSpan AfterFailure(double draw) => _gap * (0.5 + (draw / 2));

    /// <summary>The pause where there is no feed.</summary>
    /// <param name="draw">0 to 1.</param>
    public TimeSpan WhileAbsent(double draw) => interval * (LookedForAfter * (1 + (draw / 10)));

    /// <summary>When all revisions are compared next.</summary>
    /// <param name="draw">0 to 1.</param>
    public TimeSpan UntilCompared(double draw) => interval * (ComparedAfter * (0.9 + (draw / 10)));

    /// <summary>When a tenant is revalidated that the feed tells of.</summary>
    /// <param name="draw">0 to 1.</param>
    public TimeSpan DueAfter(double draw) => interval * (Spread * draw);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
