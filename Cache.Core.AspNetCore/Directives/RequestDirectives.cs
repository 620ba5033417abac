using Cache.Core.AspNetCore.Fields;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Directives;

/// <summary>What a request asks of caches (RFC 9111, section 5.2.1).</summary>
internal readonly record struct RequestDirectives
{
    public bool NoCache { get; private init; }

    public bool NoStore { get; private init; }

    public bool OnlyIfCached { get; private init; }

    public long? MaxAge { get; private init; }

    public long? MinFresh { get; private init; }

    /// <summary>By how much a response may be stale; <see cref="DeltaSeconds.Most"/> when any staleness will do.</summary>
    public long? MaxStale { get; private init; }

    public long? StaleIfError { get; private init; }

    /// <summary>Whether the origin's own word is asked for.</summary>
    public bool WantsOrigin => NoCache || MaxAge == 0;

    public static RequestDirectives Of(IHeaderDictionary headers)
    {
        var control = headers.CacheControl;

        // Pragma is heard where there is no Cache-Control (RFC 9111, section 5.4).
        if (control.Count == 0)
            return headers.Pragma.Count > 0 && FieldList.Contains(headers.Pragma, "no-cache") ? new() { NoCache = true } : default;
        RequestDirectives directives = default;
        foreach (var (name, argument) in DirectiveReader.Read(control))
        {
            var seconds = DeltaSeconds.TryParse(argument, out var parsed) ? parsed : (long?)null;
            directives = name switch
            {
                "no-cache" => directives with { NoCache = true },
                "no-store" => directives with { NoStore = true },
                "only-if-cached" => directives with { OnlyIfCached = true },
                "max-age" => directives with { MaxAge = seconds ?? 0 },
                "min-fresh" => directives with { MinFresh = seconds },
                "max-stale" => directives with { MaxStale = argument is null ? DeltaSeconds.Most : seconds },
                "stale-if-error" => directives with { StaleIfError = seconds },
                _ => directives,
            };
        }

        return directives;
    }
}
