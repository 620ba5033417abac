namespace Cache.Core.AspNetCore;

/// <summary>
/// How the answers of an endpoint are cached, as its metadata (<see cref="HttpCacheExtensions.WithHttpCache"/>) or for all others as
/// <see cref="HttpCacheOptions.Policy"/>. Immutable.
/// </summary>
/// <remarks>
/// A lifetime is forced: it takes the place of whatever the origin says of freshness (<c>max-age</c>, <c>s-maxage</c>, <c>Expires</c>,
/// <c>no-cache</c>, <c>must-revalidate</c>), as if a field targeted at this cache (RFC 9213) had said it. It does not make an answer
/// storable that the origin keeps from shared caches: with <c>private</c>, <c>no-store</c> or <c>Set-Cookie</c> the policy says nothing of
/// an answer, and the origin's header decides; <c>Vary</c> and the partition count as ever.
/// </remarks>
public sealed record HttpCachePolicy
{
    private const int MostKeyHeaders = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>As the origin's header says.</summary>
    public static HttpCachePolicy Default { get; } = new();

    /// <summary>Nothing is cached.</summary>
    public static HttpCachePolicy None { get; } = new() { IsOff = true };

    /// <summary>Whether requests go past the cache.</summary>
    public bool IsOff { get; init; }

    /// <summary>How long successes (2xx, 301, 308) are fresh from when they come. A second or more; null: as the origin says.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How long 404 and 410 are. A second or more; null: as the origin says.</summary>
    public TimeSpan? NotFoundLifetime { get; init; }

    /// <summary>How long failures (5xx) are. A second or more; null: as the origin says. What may be served stale instead is.</summary>
    public TimeSpan? ErrorLifetime { get; init; }

    /// <summary>How long past a forced lifetime an answer is served while it is validated in the background. Not failures; null: not at all.</summary>
    public TimeSpan? StaleWhileRevalidate { get; init; }

    /// <summary>How long past a forced lifetime an answer is served when the origin fails. Not failures; null: <see cref="HttpCacheOptions.StaleIfError"/>.</summary>
    public TimeSpan? StaleIfError { get; init; }

    /// <summary>Request fields by which answers are told apart, beside those that they name in <c>Vary</c>; at most 8.</summary>
    public IReadOnlyList<string> KeyHeaders
    {
        get;
        init => field = [.. value.Select(static name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    } = [];

    /// <summary>
    /// Whether an answer to a request with <c>Authorization</c> may be given to all others of its partition, such as a tenant, although it
    /// does not say so (RFC 9111, section 3.5). Says nothing where there is no partition.
    /// </summary>
    public bool SharesAuthorized { get; init; }

    /// <summary>Whether it says anything that the origin does not.</summary>
    internal bool IsForced => Lifetime is not null || NotFoundLifetime is not null || ErrorLifetime is not null;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidOperationException">One is out of range, or says nothing without another; the message names it.</exception>
    public void Validate()
    {
        RequireLifetime(Lifetime, nameof(Lifetime));
        RequireLifetime(NotFoundLifetime, nameof(NotFoundLifetime));
        RequireLifetime(ErrorLifetime, nameof(ErrorLifetime));
        RequireWindow(StaleWhileRevalidate, nameof(StaleWhileRevalidate));
        RequireWindow(StaleIfError, nameof(StaleIfError));
        if (KeyHeaders.Count > MostKeyHeaders)
            throw Wrong(nameof(KeyHeaders), $"names {KeyHeaders.Count} fields; expected at most {MostKeyHeaders}");
        if (KeyHeaders.FirstOrDefault(static name => !IsToken(name)) is { } other)
            throw Wrong(nameof(KeyHeaders), $"names '{other}'; expected names of fields");
        if (IsOff && (IsForced || SharesAuthorized || KeyHeaders.Count > 0))
            throw Wrong(nameof(IsOff), "is true; expected nothing else beside it");
    }

    /// <summary>The lifetime that answers of a status are forced to have; null: none.</summary>
    internal TimeSpan? LifetimeOf(int status) => status switch
    {
        >= 200 and < 300 or 301 or 308 => Lifetime,
        404 or 410 => NotFoundLifetime,
        >= 500 => ErrorLifetime,
        _ => null,
    };

    /// <summary>What the origin says, and what keeps answers apart.</summary>
    internal HttpCachePolicy Unforced() => new() { KeyHeaders = KeyHeaders };

    /// <summary>Whether the answers to requests that differ in <c>Authorization</c> are told apart, or need not be.</summary>
    internal bool AllowsAuthorized(string? partition) => (SharesAuthorized && !string.IsNullOrEmpty(partition)) || KeyHeaders.Contains("authorization", StringComparer.Ordinal);

    private static bool IsToken(string name) =>
        name.Length > 0 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));

    private static void RequireLifetime(TimeSpan? value, string name)
    {
        if (value is { } lifetime && (lifetime < TimeSpan.FromSeconds(1) || lifetime > Longest))
            throw Wrong(name, $"is {lifetime}; expected a second to {Longest.TotalDays} days");
    }

    private void RequireWindow(TimeSpan? value, string name)
    {
        if (value is { } window && (window < TimeSpan.Zero || window > Longest))
            throw Wrong(name, $"is {window}; expected zero to {Longest.TotalDays} days");
        if (value is not null && !IsForced)
            throw Wrong(name, $"is set without a lifetime; expected {nameof(Lifetime)}, {nameof(NotFoundLifetime)} or {nameof(ErrorLifetime)} beside it");
    }

    private static InvalidOperationException Wrong(string name, string what) => new($"{nameof(HttpCachePolicy)}.{name} {what}.") { Data = { ["property"] = name } };
}
