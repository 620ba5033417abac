namespace TenantManager.Contracts.Pods;

/// <summary>A tier of rate limits in a process.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Variable">The variable that sets it.</param>
/// <param name="Count">How many requests come back in a period; null: it has no limit.</param>
/// <param name="PeriodSeconds">In what time.</param>
/// <param name="Burst">How many may be taken at once.</param>
/// <param name="Allowed">How many requests it has let pass in this process since that started.</param>
/// <param name="Refused">How many it has refused.</param>
public sealed record RateTierReport(string Name, string Variable, long? Count, double? PeriodSeconds, long? Burst, long Allowed, long Refused);
