using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore;

/// <summary>Lifetimes, bounds and names of the HTTP cache.</summary>
public class HttpCacheOptions
{
    /// <summary>Put before every key in L2.</summary>
    public string KeyPrefix { get; set; } = "http-cache:";

    /// <summary>How long an answer is served from L1 before L2 is looked at again, where there is an L2.</summary>
    public TimeSpan L1TimeToLive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most room that L1 takes: headers, bodies, keys and bookkeeping.</summary>
    public ByteSize L1ByteCapacity { get; set; } = ByteSize.FromMegabytes(128);

    /// <summary>Bodies longer than this are not stored.</summary>
    public ByteSize LargestBody { get; set; } = ByteSize.FromMegabytes(16);

    /// <summary>Headers longer than this, names and values together, are not stored.</summary>
    public ByteSize LargestHeader { get; set; } = ByteSize.FromKilobytes(32);

    /// <summary>Longer keys (scheme, host, path and query) are not looked up. Up to 4096.</summary>
    public int LongestKey { get; set; } = 2048;

    /// <summary>Response fields that speak to this cache alone (RFC 9213), the most specific one first.</summary>
    public IList<string> TargetedFields { get; set; } = ["CDN-Cache-Control"];

    /// <summary>The name of this cache in <c>Cache-Status</c> (RFC 9211): a token.</summary>
    public string Name { get; set; } = "cache-core";

    /// <summary>The share of the time since <c>Last-Modified</c> for which an answer without a lifetime is fresh. 0 to 1.</summary>
    public double HeuristicFraction { get; set; } = 0.1;

    /// <summary>The longest lifetime by heuristics.</summary>
    public TimeSpan HeuristicLimit { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long past its lifetime an answer with a validator is kept, so that it can be validated.</summary>
    public TimeSpan KeptForValidation { get; set; } = TimeSpan.FromHours(1);

    /// <summary>No answer is kept longer than this, whatever its lifetime.</summary>
    public TimeSpan LongestKept { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long past its lifetime an answer is served when the origin fails and the answer itself says nothing about that.</summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is remembered that the answers to a request cannot be shared. Zero: not at all.</summary>
    public TimeSpan HitForMiss { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for another process's fetch of the same answer before it asks the origin itself.</summary>
    public TimeSpan CollapsedWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the origin may take for an answer that is to be stored, its body included.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The most background validations that wait; further ones are dropped and counted.</summary>
    public int RevalidationQueueCapacity { get; set; } = 1000;

    /// <summary>How many background validations run at a time.</summary>
    public int RevalidationConcurrency { get; set; } = 16;

    /// <summary>The most variants of one resource that are told apart by <c>Vary</c> fields: answers that vary by more fields are not stored. 1 to 16.</summary>
    public int MostVaryFields { get; set; } = 8;

    /// <summary>Whether <c>no-cache</c>, <c>max-age</c> and their like in requests are honoured (RFC 9111, section 5.2.1).</summary>
    public bool HonourRequestDirectives { get; set; } = true;

    /// <summary>Whether answers carry <c>X-Cache</c> beside <c>Cache-Status</c>.</summary>
    public bool SendXCache { get; set; } = true;

    /// <summary>
    /// What of a request, beside its target, its answers are kept apart by: such as the tenant. A text without <c>|</c>; null: nothing.
    /// Asked once what comes before the cache in the pipeline has identified the requester.
    /// </summary>
    public Func<HttpContext, string?>? PartitionOf { get; set; }

    /// <summary>How the answers of endpoints are cached that have no policy of their own.</summary>
    public HttpCachePolicy Policy { get; set; } = HttpCachePolicy.Default;

    /// <summary>Whether it is a private cache (RFC 9111, section 1), one requester's: what speaks to shared caches alone is not for it.</summary>
    internal virtual bool IsPrivate => false;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Policy.Validate();
        Require(!string.IsNullOrEmpty(KeyPrefix), nameof(KeyPrefix), KeyPrefix, "a text");
        Require(L1TimeToLive > TimeSpan.Zero, nameof(L1TimeToLive), L1TimeToLive, "more than zero");
        Require(LongestKey is >= 64 and <= 4096, nameof(LongestKey), LongestKey, "64 to 4096");
        Require(HeuristicFraction is >= 0 and <= 1, nameof(HeuristicFraction), HeuristicFraction, "0 to 1");
        Require(LongestKept > TimeSpan.Zero, nameof(LongestKept), LongestKept, "more than zero");
        Require(FetchTimeout > TimeSpan.Zero, nameof(FetchTimeout), FetchTimeout, "more than zero");
        Require(CollapsedWait > TimeSpan.Zero, nameof(CollapsedWait), CollapsedWait, "more than zero");
        Require(RevalidationQueueCapacity >= 1, nameof(RevalidationQueueCapacity), RevalidationQueueCapacity, "1 or more");
        Require(RevalidationConcurrency >= 1, nameof(RevalidationConcurrency), RevalidationConcurrency, "1 or more");
        Require(MostVaryFields is >= 1 and <= 16, nameof(MostVaryFields), MostVaryFields, "1 to 16");
        Require(Name.Length > 0 && Name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_') && char.IsAsciiLetter(Name[0]), nameof(Name), Name, "a token");
    }

    private static void Require(bool holds, string option, object value, string expected)
    {
        if (!holds)
            throw new InvalidOperationException($"{nameof(HttpCacheOptions)}.{option} is {value}; expected {expected}.");
    }
}
