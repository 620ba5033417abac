using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Freshness;

/// <summary>Whether a stored response may answer a request (RFC 9111, sections 4.2.4, 5.2.1 and 5.2.2; RFC 5861; RFC 8246).</summary>
internal static class ReuseRule
{
    public static Reuse Of(StoredResponse stored, in RequestDirectives request, DateTimeOffset now)
    {
        if (request.NoCache || stored.Has(ReuseRules.AlwaysValidate))
            return Reuse.Validate;
        var age = stored.AgeAt(now);
        var isFresh = stored.Lifetime > age;
        if (isFresh && stored.Has(ReuseRules.Immutable))
            return Reuse.Fresh;
        if (request.MaxAge is { } most && age > TimeSpan.FromSeconds(most) - (most == 0 ? TimeSpan.FromTicks(1) : TimeSpan.Zero))
            return Reuse.Validate;
        if (isFresh && (request.MinFresh is not { } left || stored.Lifetime - age >= TimeSpan.FromSeconds(left)))
            return Reuse.Fresh;
        if (isFresh || stored.Has(ReuseRules.NeverStale))
            return Reuse.Validate;
        var staleness = age - stored.Lifetime;
        if (request.MaxStale is { } stale && (stale >= DeltaSeconds.Most || staleness <= TimeSpan.FromSeconds(stale)))
            return Reuse.Stale;
        return staleness <= stored.StaleWhileRevalidate ? Reuse.StaleWhileRevalidate : Reuse.Validate;
    }

    /// <summary>Whether it may be served although the origin fails (RFC 5861, section 4).</summary>
    public static bool IsServedOnError(StoredResponse stored, in RequestDirectives request, DateTimeOffset now)
    {
        if (stored.Has(ReuseRules.AlwaysValidate | ReuseRules.NeverStale) || request.NoCache)
            return false;
        var window = request.StaleIfError is { } asked && TimeSpan.FromSeconds(asked) < stored.StaleIfError ? TimeSpan.FromSeconds(asked) : stored.StaleIfError;
        return stored.AgeAt(now) - stored.Lifetime <= window;
    }
}
