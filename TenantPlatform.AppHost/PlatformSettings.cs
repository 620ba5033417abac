using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TenantPlatform.AppHost;

/// <summary>What this application is made of, as arguments (<c>--Parameters:ledger-pods=5</c>) or variables (<c>Parameters__ledger-pods=5</c>) say.</summary>
/// <param name="Pods">How many ledger pods run.</param>
/// <param name="SparePods">How many more wait to be started.</param>
/// <param name="CrmPods">How many pods of the CRM run.</param>
/// <param name="CacheMode">What L2 is, as <c>CACHE_MODE</c> says it: <c>single</c>, <c>cluster</c> or <c>ring</c>.</param>
/// <param name="HasLastKnownGood">Whether pods keep a file by which they serve when they start while Valkey and the tenant-manager are both away.</param>
/// <param name="KeepsData">Whether the servers find their data again in the next run.</param>
internal sealed record PlatformSettings(int Pods, int SparePods, int CrmPods, string CacheMode, bool HasLastKnownGood, bool KeepsData)
{
    private const int MostPods = 50;

    /// <summary>Reads them.</summary>
    /// <exception cref="DistributedApplicationException">One is unusable; the message names it and what it takes.</exception>
    public static PlatformSettings Read(IConfiguration configuration) => new(
        Number(configuration, "Parameters:ledger-pods", 3),
        Number(configuration, "Parameters:ledger-spare-pods", 2),
        Number(configuration, "Parameters:crm-pods", 2),
        Choice(configuration, "Parameters:valkey-topology", "single", "cluster", "ring"),
        Choice(configuration, "Parameters:last-known-good", "on", "off") == "on",
        Choice(configuration, "Data:Keep", "true", "false") == "true");

    private static int Number(IConfiguration configuration, string name, int usual) => configuration[name] is not { Length: > 0 } text
        ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostPods
            ? number
            : throw new DistributedApplicationException($"{name} is '{text}': it takes a number from 0 to {MostPods}.");

    private static string Choice(IConfiguration configuration, string name, params string[] choices) => configuration[name] is not { Length: > 0 } text
        ? choices[0]
        : choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new DistributedApplicationException($"{name} is '{text}': it takes '{string.Join("', '", choices[..^1])}' or '{choices[^1]}'.");
}
