using System.Runtime.InteropServices;
using Cache.Core.Rates;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>How a request stands with one limit.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RateStanding(string Policy, RateTerms Terms, RateTake Take);
