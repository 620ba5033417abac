namespace Cache.Core.AspNetCore;

/// <summary>How the answers of an endpoint are cached, as metadata of the endpoint (<c>WithHttpCache</c>) or by <see cref="HttpCacheOptions"/>. Immutable.</summary>
public sealed record HttpCachePolicy
{
    /// <summary>As the origin's header says.</summary>
    public static HttpCachePolicy Default { get; } = new();

    /// <summary>Nothing is cached.</summary>
    public static HttpCachePolicy None { get; } = new() { IsOff = true };

    /// <summary>Whether requests go past the cache.</summary>
    public bool IsOff { get; init; }
}
