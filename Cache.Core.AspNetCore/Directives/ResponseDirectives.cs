using Cache.Core.AspNetCore.Fields;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Directives;

/// <summary>What a response says about its caching, by the most specific field that is addressed to this cache.</summary>
internal sealed record ResponseDirectives
{
    private static readonly ResponseDirectives None = new();

    public bool NoStore { get; private set; }

    /// <summary>Without field names.</summary>
    public bool NoCache { get; private set; }

    /// <summary>Without field names.</summary>
    public bool Private { get; private set; }

    /// <summary>Fields that are not to be reused without validation, or not to be stored in a shared cache.</summary>
    public IReadOnlyList<string> UnstoredFields { get; private set; } = [];

    public bool Public { get; private set; }

    public bool MustRevalidate { get; private set; }

    public bool ProxyRevalidate { get; private set; }

    public bool MustUnderstand { get; private set; }

    public bool Immutable { get; private set; }

    /// <summary>The lifetime that is told in seconds: of <c>s-maxage</c>, else of <c>max-age</c>. Zero when it cannot be read (RFC 9111, section 4.2.1).</summary>
    public long? Lifetime { get; private set; }

    public bool HasSharedLifetime { get; private set; }

    public long? StaleWhileRevalidate { get; private set; }

    public long? StaleIfError { get; private set; }

    /// <summary>Whether a targeted field (RFC 9213) said all this: then <c>Expires</c> says nothing.</summary>
    public bool IsTargeted { get; private set; }

    /// <summary>Whether the route's policy said all this of freshness: a lifetime counts from when the response comes.</summary>
    public bool IsForced { get; private set; }

    /// <summary>Whether a stale response may never be given without the origin's word.</summary>
    public bool ForbidsStale => MustRevalidate || ProxyRevalidate || NoCache || HasSharedLifetime;

    /// <summary>Reads a response's header.</summary>
    /// <param name="headers">The header.</param>
    /// <param name="targeted">Names of targeted fields, the most specific one first.</param>
    /// <param name="isPrivate">Whether a private cache reads: <c>private</c>, <c>s-maxage</c> and <c>proxy-revalidate</c> say nothing to it (RFC 9111, section 5.2.2).</param>
    public static ResponseDirectives Of(IHeaderDictionary headers, IReadOnlyList<string> targeted, bool isPrivate = false)
    {
        foreach (var name in targeted)
        {
            // One that is empty or malformed counts as absent (RFC 9213, section 2.2).
            if (headers.TryGetValue(name, out var field) && StructuredParser.Dictionary(field) is { Count: > 0 } members)
                return OfTargeted(members, isPrivate);
        }

        return headers.CacheControl is { Count: > 0 } control ? OfList(control, isPrivate) : None;
    }

    /// <summary>With another's word on freshness, as a targeted field's; what it says of storing stays.</summary>
    public ResponseDirectives Forced(TimeSpan lifetime, TimeSpan? staleWhileRevalidate, TimeSpan? staleIfError) => this with
    {
        IsForced = true,
        IsTargeted = true,
        Lifetime = Seconds(lifetime),
        StaleWhileRevalidate = Seconds(staleWhileRevalidate),
        StaleIfError = Seconds(staleIfError),
        NoCache = false,
        MustRevalidate = false,
        ProxyRevalidate = false,
        HasSharedLifetime = false,

        // Each of the three allows to store answers to authorized requests (RFC 9111, section 3.5).
        Public = Public || MustRevalidate || HasSharedLifetime,
    };

    private static long? Seconds(TimeSpan? time) => time is { } length ? (long)Math.Ceiling(length.TotalSeconds) : null;

    /// <summary>What only a shared cache heeds.</summary>
    private static bool IsForShared(string name) => name is "private" or "s-maxage" or "proxy-revalidate";

    private static ResponseDirectives OfList(StringValues field, bool isPrivate)
    {
        ResponseDirectives directives = new();
        long? maxAge = null, sharedMaxAge = null;
        foreach (var (name, argument) in DirectiveReader.Read(field))
        {
            if (isPrivate && IsForShared(name))
                continue;
            switch (name)
            {
                // Of repeated ones the first counts; one that cannot be read makes the response stale.
                case "max-age":
                    maxAge ??= DeltaSeconds.TryParse(argument, out var age) ? age : 0;
                    break;
                case "s-maxage":
                    sharedMaxAge ??= DeltaSeconds.TryParse(argument, out var shared) ? shared : 0;
                    break;
                case "no-cache" when !string.IsNullOrEmpty(argument):
                case "private" when !string.IsNullOrEmpty(argument):
                    directives.UnstoredFields = [.. directives.UnstoredFields, .. FieldList.Members(argument)];
                    break;
                default:
                    directives.Take(name, DeltaSeconds.TryParse(argument, out var seconds) ? seconds : null);
                    break;
            }
        }

        directives.HasSharedLifetime = sharedMaxAge is not null;
        directives.Lifetime = sharedMaxAge ?? maxAge;
        return directives;
    }

    /// <summary>Members of the wrong type are ignored, each for itself (RFC 9213, section 2.1).</summary>
    private static ResponseDirectives OfTargeted(Dictionary<string, StructuredValue> members, bool isPrivate)
    {
        ResponseDirectives directives = new() { IsTargeted = true };
        foreach (var (name, value) in members)
        {
            if (isPrivate && IsForShared(name))
                continue;
            var seconds = value is { Kind: StructuredKind.Integer, Number: >= 0 } ? Math.Min(value.Number, DeltaSeconds.Most) : (long?)null;
            switch (name)
            {
                case "max-age":
                    directives.Lifetime ??= seconds;
                    break;
                case "s-maxage" when seconds is not null:
                    directives.Lifetime = seconds;
                    directives.HasSharedLifetime = true;
                    break;
                case "no-cache" or "private" when value is { Kind: StructuredKind.String, Text.Length: > 0 }:
                    directives.UnstoredFields = [.. directives.UnstoredFields, .. FieldList.Members(value.Text)];
                    break;
                default:
                    if (value is not { Kind: StructuredKind.Boolean, Number: 0 })
                        directives.Take(name, seconds);
                    break;
            }
        }

        return directives;
    }

    private void Take(string name, long? seconds)
    {
        switch (name)
        {
            case "no-store":
                NoStore = true;
                break;
            case "no-cache":
                NoCache = true;
                break;
            case "private":
                Private = true;
                break;
            case "public":
                Public = true;
                break;
            case "must-revalidate":
                MustRevalidate = true;
                break;
            case "proxy-revalidate":
                ProxyRevalidate = true;
                break;
            case "must-understand":
                MustUnderstand = true;
                break;
            case "immutable":
                Immutable = true;
                break;
            case "stale-while-revalidate":
                StaleWhileRevalidate ??= seconds;
                break;
            case "stale-if-error":
                StaleIfError ??= seconds;
                break;
        }
    }
}
