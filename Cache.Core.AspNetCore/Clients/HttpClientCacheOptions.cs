using System.Security.Cryptography;
using System.Text;

namespace Cache.Core.AspNetCore;

/// <summary>
/// Lifetimes, bounds and names of a client's cache: private (RFC 9111), in its process. Other than with a shared one, no field speaks to it
/// alone (<see cref="HttpCacheOptions.TargetedFields"/>), nothing is served stale that does not allow it, and no <c>X-Cache</c> is written
/// over that of a cache on the way.
/// </summary>
public sealed class HttpClientCacheOptions : HttpCacheOptions
{
    /// <summary>With the defaults.</summary>
    public HttpClientCacheOptions()
    {
        Name = "cache-core-client";
        TargetedFields = [];
        StaleIfError = TimeSpan.Zero;
        SendXCache = false;
        L1ByteCapacity = ByteSize.FromMegabytes(32);
        RevalidationConcurrency = 4;
    }

    /// <summary>
    /// On whose behalf a request is sent: nobody is given another's answers. Null: nobody's in particular. By default whoever has the same
    /// <c>Authorization</c> and <c>Cookie</c>, so handlers that set them come before the cache. It is hashed and kept in memory only.
    /// </summary>
    public Func<HttpRequestMessage, string?> UserOf { get; set; } = static request => Credentials(request);

    /// <inheritdoc/>
    internal override bool IsPrivate => true;

    /// <summary>What a request's answers are kept apart by: its user, and the server where <c>Host</c> names another than the address does.</summary>
    internal string? Partition(HttpRequestMessage request)
    {
        var user = UserOf(request);
        var server = request.Headers.Host is { } host && !host.Equals(request.RequestUri!.Authority, StringComparison.OrdinalIgnoreCase) ? request.RequestUri.Authority : null;
        return user is null && server is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\n{user}")));
    }

    private static string? Credentials(HttpRequestMessage request)
    {
        var authorization = request.Headers.NonValidated.TryGetValues("Authorization", out var given) ? given.ToString() : null;
        var cookie = request.Headers.NonValidated.TryGetValues("Cookie", out var cookies) ? cookies.ToString() : null;
        return authorization is null && cookie is null ? null : $"{authorization}\n{cookie}";
    }
}
