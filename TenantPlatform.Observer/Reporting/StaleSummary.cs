namespace TenantPlatform.Observer.Reporting;

/// <summary>How often and for how long respondents of a kind were stale. Durations count from when the observer knew of the change.</summary>
/// <param name="Answers">How many answers there were.</param>
/// <param name="StaleAnswers">How many of them were stale.</param>
/// <param name="Times">How many times a respondent was stale for a change and is not watched any more.</param>
/// <param name="GivenUp">How many of those were still stale when they were given up.</param>
/// <param name="AtLeast">Seconds that the staleness lasted at least, over the last thousand times.</param>
/// <param name="AtMost">Seconds that it lasted at most, over the last thousand times; not of those that were given up.</param>
/// <param name="Now">Respondents stale when last asked.</param>
/// <param name="OldestNow">For how many seconds the oldest change has been known that one of them does not know of.</param>
internal sealed record StaleSummary(long Answers, long StaleAnswers, long Times, long GivenUp, Spread AtLeast, Spread AtMost, int Now, double OldestNow);
