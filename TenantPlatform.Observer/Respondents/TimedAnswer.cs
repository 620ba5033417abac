namespace TenantPlatform.Observer.Respondents;

/// <summary>An answer, and between which moments it was true: timestamps of the observer's own clock.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Sent">Right before it was asked for.</param>
/// <param name="Received">When it was there.</param>
internal readonly record struct TimedAnswer(Answer Answer, long Sent, long Received);
