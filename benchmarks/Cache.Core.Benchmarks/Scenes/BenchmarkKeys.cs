using System.Globalization;
using TenantManager.Contracts;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>Keys as the tenant configuration has them: 70 characters with the prefix.</summary>
internal static class BenchmarkKeys
{
    /// <summary>The service's name.</summary>
    public const string Service = "ledger-onboarding-";

    /// <summary>The n-th tenant.</summary>
    public static TenantId Tenant(int number) =>
        TenantId.Parse(((ulong)number * 0x9E3779B97F4A7C15).ToString("x16", CultureInfo.InvariantCulture) + number.ToString("x16", CultureInfo.InvariantCulture));

    /// <summary>The n-th tenant's key: 70 characters.</summary>
    public static string Numbered(int number) => $"tenant-connections:{Tenant(number).Value}:{Service}";
}
