namespace TenantManager.Api.Drills;

/// <summary>What is to go wrong. Everything is off unless asked for.</summary>
/// <param name="LatencyMs">How much later answers come, in milliseconds.</param>
/// <param name="LatencyShare">The share of answers that come later, 0 to 1.</param>
/// <param name="ErrorShare">The share of answers that are errors, 0 to 1.</param>
/// <param name="ErrorStatus">The status of those errors.</param>
/// <param name="DropEvents">Whether lifecycle events are kept from being published.</param>
internal sealed record FaultPlan(int LatencyMs = 0, double LatencyShare = 1, double ErrorShare = 0, int ErrorStatus = 503, bool DropEvents = false);
