using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using TenantManager.Contracts.Settings;

namespace TenantManager.Client.Diagnostics;

/// <summary>
/// Breaks this library on purpose (<c>CACHE_MUTANT</c>), so that the fault runs can show that they would notice. In the
/// Development environment only; elsewhere the setting does nothing.
/// </summary>
internal sealed class Mutant
{
    public const string Setting = "CACHE_MUTANT";
    private const string NoRevalidation = "no-revalidation";
    private const string IgnoreDenial = "ignore-denial";

    /// <summary>Those that the cache itself makes, in a build of its own (Cache.Core/Mutant.cs).</summary>
    private static readonly string[] OfTheCache =
    [
        "no-fence", "counter-instead-of-token", "no-epoch", "l2-fill-without-epoch", "epoch-only-before-l2", "join-overtaken-flight", "no-flush",
        "proof-noted-at-fill", "no-lease", "echo-counted", "stale-after-denial", "tombstone-without-revision", "revision-evicted",
        "answer-unchecked", "older-entry-kept",
    ];

    private readonly string? _name;

    private Mutant(string? name) => _name = name;

    /// <summary>Connected tenants are never revalidated: what no event tells is never learned.</summary>
    public bool IsWithoutRevalidation => _name == NoRevalidation;

    /// <summary>The tenant-manager's refusal counts as a failure, and failures are bridged with what the cache has.</summary>
    public bool IsDenialAFailure => _name == IgnoreDenial;

    /// <exception cref="InvalidSettingException">There is no such mutant.</exception>
    public static Mutant Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var name = environment.IsDevelopment() && configuration[Setting]?.Trim() is { Length: > 0 } text ? text : null;
        string[] own = [NoRevalidation, IgnoreDenial];
        if (name is not null && !own.Contains(name) && !OfTheCache.Contains(name))
            throw new InvalidSettingException(Setting, $"is '{name}': expected one of {string.Join(", ", own.Concat(OfTheCache))}.");
        return new Mutant(name);
    }
}
