using System.Globalization;
using System.Text;
using Cache.Core.AspNetCore.Fields;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Answering;

/// <summary>What the cache did for an answer: <c>Cache-Status</c> (RFC 9211) and <c>X-Cache</c>.</summary>
internal sealed record CacheStatus
{
    public const string Hit = "hit", Stale = "stale", Miss = "miss", Bypass = "bypass";

    /// <summary>One of <see cref="Hit"/>, <see cref="Stale"/>, <see cref="Miss"/>, <see cref="Bypass"/>; also the metric's.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why the request went on to the origin: <c>bypass</c>, <c>method</c>, <c>uri-miss</c>, <c>vary-miss</c>, <c>stale</c>, <c>partial</c>, <c>request</c>; null when it did not.</summary>
    public string? Forwarded { get; init; }

    /// <summary>What the origin answered, where that is not the answer's own status.</summary>
    public int? ForwardedStatus { get; init; }

    /// <summary>What is left of its lifetime, below zero for a stale one.</summary>
    public TimeSpan? TimeToLive { get; init; }

    public bool IsStored { get; init; }

    public bool IsCollapsed { get; init; }

    /// <summary>Why the origin's answer was not stored.</summary>
    public string? Refusal { get; init; }

    public string? Detail { get; init; }

    public string XCache => Outcome switch
    {
        Hit => "HIT",
        Stale => "STALE",
        Miss => "MISS",
        _ => "BYPASS",
    };

    /// <summary>A fresh answer of what is stored.</summary>
    public static CacheStatus OfHit { get; } = new() { Outcome = Hit };

    /// <summary>As <see cref="OfHit"/> with its remaining lifetime, without making a text in parts.</summary>
    public static void WriteHit(IHeaderDictionary headers, HttpCacheOptions options, TimeSpan timeToLive)
    {
        headers.Append("Cache-Status", string.Create(CultureInfo.InvariantCulture, $"{options.Name}; hit; ttl={(long)Math.Floor(timeToLive.TotalSeconds)}"));
        if (options.SendXCache)
            headers["X-Cache"] = OfHit.XCache;
    }

    public void Write(IHeaderDictionary headers, HttpCacheOptions options)
    {
        headers.Append("Cache-Status", Format(options.Name));
        if (options.SendXCache)
            headers["X-Cache"] = XCache;
    }

    private string Format(string name)
    {
        StringBuilder text = new(name);
        if (Forwarded is null && Outcome is Hit or Stale)
            text.Append("; hit");
        if (Forwarded is not null)
            text.Append("; fwd=").Append(Forwarded);
        if (ForwardedStatus is { } status)
            text.Append("; fwd-status=").Append(status);
        if (TimeToLive is { } left)
            text.Append("; ttl=").Append((long)Math.Floor(left.TotalSeconds));
        if (IsStored)
            text.Append("; stored");
        if (IsCollapsed)
            text.Append("; collapsed");
        if ((Detail ?? Refusal) is { } detail)
            text.Append("; detail=").Append(StructuredField.Quote(detail));
        return text.ToString();
    }
}
