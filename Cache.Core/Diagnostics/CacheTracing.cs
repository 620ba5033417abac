using System.Diagnostics;

namespace Cache.Core.Diagnostics;

/// <summary>Spans of the source <c>Cache.Core</c>: one per lookup that goes beyond L1, one per step. No keys, only their pattern.</summary>
internal static class CacheTracing
{
    /// <summary>The activity source's name.</summary>
    public const string SourceName = "Cache.Core";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartLookup(string key) => Start("cache.lookup", key);

    public static Activity? StartRefresh(string key) => Start("cache.refresh", key);

    public static Activity? StartInvalidate(string key) => Start("cache.invalidate", key);

    public static Activity? StartL2(string operation) => Source.StartActivity($"cache.l2.{operation}", ActivityKind.Client)?.SetTag("db.system.name", "valkey");

    public static Activity? StartFetch() => Source.StartActivity("cache.fetch");

    public static void Answered<T>(this Activity? activity, CacheLookup<T> lookup)
    {
        if (activity is null)
            return;
        activity.SetTag("cache.source", lookup.Source.ToString().ToLowerInvariant());
        activity.SetTag("cache.outcome", lookup.Outcome.ToString().ToLowerInvariant());
        if (lookup.IsStale)
            activity.SetTag("cache.stale", true);
    }

    public static void Failed(this Activity? activity, Exception exception) =>
        activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);

    private static Activity? Start(string name, string key) => Source.StartActivity(name)?.SetTag("cache.key.pattern", Pattern(key));

    /// <summary>The key up to its first separator: enough to tell kinds of entries apart, without tenant data.</summary>
    public static string Pattern(string key)
    {
        var end = key.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? "*" : string.Concat(key.AsSpan(0, end), ":*");
    }
}
