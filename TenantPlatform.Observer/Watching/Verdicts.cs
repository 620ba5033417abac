using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Watching;

/// <summary>Compares what a request would be answered on with what the tenant-manager said before that was asked.</summary>
internal static class Verdicts
{
    public static bool IsStale(this Verdict verdict) => verdict is Verdict.Revoked or Verdict.Outdated or Verdict.Refusing;

    /// <summary>Whether there is nothing more to learn about the change by asking again.</summary>
    public static bool IsLast(this Verdict verdict) => verdict is Verdict.Fresh or Verdict.Untold or Verdict.Unreadable;

    public static Verdict Of(Truth truth, Answer answer)
    {
        if (answer.IsUnreadable)
            return Verdict.Unreadable;
        if (answer.Basis is not { } basis)
            return answer.IsRefused ? Verdict.Untold : Verdict.Away;
        if (basis.Outcome is not { } outcome || basis.Source == TenantBasis.Manager)
            return Verdict.Fresh;

        // A higher revision has seen a later change, which the tenant-manager was not asked about yet.
        if (basis.Revision > truth.Revision)
            return Verdict.Fresh;
        var isServing = outcome == TenantBasis.Found;
        var isToBeServed = truth.Outcome == TenantBasis.Found;
        if (isServing != isToBeServed)
            return isServing ? Verdict.Revoked : Verdict.Refusing;
        return isServing && basis.Revision < truth.Revision ? Verdict.Outdated : Verdict.Fresh;
    }

    /// <summary>As metrics name it.</summary>
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Fresh => "fresh",
        Verdict.Revoked => "revoked",
        Verdict.Outdated => "outdated",
        Verdict.Refusing => "refusing",
        Verdict.Away => "away",
        Verdict.Unreadable => "unreadable",
        _ => "untold",
    };
}
