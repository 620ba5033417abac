namespace Cache.Core.Distributed;

/// <summary>
/// How sliding expiration is kept without writing to L2 at each read. An entry that may go unread for <c>S</c> is given <c>S</c> and a slack
/// there; a read renews it once less than <c>S</c> remains. So what was read lives for <c>S</c> at least, never less, and for the slack longer at
/// most; and L2 hears of a key's reads once per slack, not once per read.
/// </summary>
internal static class SlidingWindow
{
    /// <summary>A tenth of the window, but nobody's entry lives much longer than promised.</summary>
    private const int SlackShare = 10;

    /// <summary>The longest window that anybody is promised: with more of it the sums that follow have no end.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly TimeSpan LongestSlack = TimeSpan.FromMinutes(5);

    /// <summary>Differences that are the clocks'.</summary>
    public static readonly TimeSpan Exactness = TimeSpan.FromMilliseconds(20);

    /// <summary>A window as it is kept.</summary>
    public static TimeSpan? Of(TimeSpan? unread) => unread > Longest ? Longest : unread;

    /// <summary>The life that is granted when an entry is written or renewed.</summary>
    public static TimeSpan Granted(TimeSpan unread) => unread + (unread / SlackShare < LongestSlack ? unread / SlackShare : LongestSlack);
}
