using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>What the origin is asked for, and what is known when it is.</summary>
internal sealed record ExchangePlan
{
    /// <summary>The resource's key.</summary>
    public required string Resource { get; init; }

    /// <summary>The key of what is fetched: the resource's, or a variant's.</summary>
    public required string Key { get; init; }

    /// <summary>By what the resource's responses vary, where that is known.</summary>
    public VariantIndex? Variants { get; init; }

    /// <summary>What is stored and may be validated, completed or served when the origin fails.</summary>
    public StoredResponse? Stored { get; init; }

    /// <summary>The last purge that was known, and how often the resource had been invalidated here.</summary>
    public (string? Purge, long Changes) Before { get; init; }

    public RequestDirectives Directives { get; init; }

    /// <summary>The route's word on caching.</summary>
    public HttpCachePolicy Policy { get; init; } = HttpCachePolicy.Default;

    public bool IsHead { get; init; }

    /// <summary>Whether the request had an <c>Authorization</c> that others who may be given the answer need not have.</summary>
    public bool IsAuthorized { get; init; }

    /// <summary>Whether a range of the representation is asked for.</summary>
    public bool IsRange { get; init; }

    /// <summary>Whether what is stored is the beginning, and the rest is asked for.</summary>
    public bool IsCompleting { get; init; }
}
