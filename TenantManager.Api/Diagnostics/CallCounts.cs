namespace TenantManager.Api.Diagnostics;

/// <summary>The answer of <c>/diagnostics/calls</c>.</summary>
internal sealed record CallCounts(IReadOnlyList<CallCount> Calls);
