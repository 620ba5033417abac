using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

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

    private readonly string? _name;

    private Mutant(string? name) => _name = name;

    /// <summary>Connected tenants are never revalidated and no change feed is followed: what no event tells is never learned.</summary>
    public bool IsWithoutRevalidation => _name == NoRevalidation;

    /// <summary>The tenant-manager's refusal counts as a failure, and failures are bridged with what the cache has.</summary>
    public bool IsDenialAFailure => _name == IgnoreDenial;

    /// <summary>Any other name is none of this library's: Cache.Core has mutants of its own, and refuses names that it does not know.</summary>
    public static Mutant Read(IConfiguration configuration, IHostEnvironment environment) =>
        new(environment.IsDevelopment() ? configuration[Setting]?.Trim() : null);
}
