using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Freshness;
using Cache.Core.AspNetCore.Validating;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Store;

/// <summary>Makes stored responses of what the origin answers.</summary>
internal sealed class StoredResponseFactory(HttpCacheOptions options)
{
    private readonly IReadOnlyList<string> _targeted = [.. options.TargetedFields];

    /// <summary>What a response says of its caching, for itself.</summary>
    public ResponseDirectives Directives(IHeaderDictionary headers) => ResponseDirectives.Of(headers, _targeted, options.IsPrivate);

    /// <summary>What it says, and what the policy of its route has to say instead.</summary>
    public ResponseDirectives Directives(int status, IHeaderDictionary headers, HttpCachePolicy policy)
    {
        var said = Directives(headers);
        if (policy.LifetimeOf(status) is not { } lifetime || said.Private || said.NoStore || headers.SetCookie.Count > 0)
            return said;
        return status >= StatusCodes.Status500InternalServerError
            ? said.Forced(lifetime, TimeSpan.Zero, TimeSpan.Zero)
            : said.Forced(lifetime, policy.StaleWhileRevalidate, policy.StaleIfError);
    }

    /// <summary>A response, still without its body.</summary>
    public StoredResponse Create(int status, IHeaderDictionary headers, ResponseDirectives directives, DateTimeOffset requestTime, DateTimeOffset responseTime, StoredBody body)
    {
        var (lifetime, isHeuristic) = FreshnessRules.Lifetime(status, headers, directives, responseTime, options);
        var age = FreshnessRules.InitialAge(headers, requestTime, responseTime);
        if (directives.IsForced)
            lifetime += age;
        var fields = StorableFields.Of(headers, directives.UnstoredFields);
        if (headers.Date.Count == 0)
            fields.Add(new StoredField("Date", HttpDate.Format(responseTime)));
        return new StoredResponse
        {
            Status = status,
            Fields = [.. fields],
            Body = body,
            RequestTime = requestTime,
            ResponseTime = responseTime,
            InitialAge = age,
            Lifetime = lifetime,
            Rules = (directives.NoCache ? ReuseRules.AlwaysValidate : ReuseRules.None)
                | (directives.ForbidsStale ? ReuseRules.NeverStale : ReuseRules.None)
                | (directives.Immutable ? ReuseRules.Immutable : ReuseRules.None)
                | (isHeuristic ? ReuseRules.Heuristic : ReuseRules.None)
                | (status == StatusCodes.Status206PartialContent ? ReuseRules.Partial : ReuseRules.None),
            StaleWhileRevalidate = TimeSpan.FromSeconds(directives.StaleWhileRevalidate ?? 0),
            StaleIfError = directives.StaleIfError is { } seconds ? TimeSpan.FromSeconds(seconds) : options.StaleIfError,
            EntityTag = headers.ETag.Count == 1 ? headers.ETag[0] : null,
            LastModified = HttpDate.Parse(headers.LastModified),
        };
    }

    /// <summary>A stored response, brought up to date by a 304 or a HEAD.</summary>
    public StoredResponse Freshen(StoredResponse stored, IHeaderDictionary update, HttpCachePolicy policy, DateTimeOffset requestTime, DateTimeOffset responseTime)
    {
        IHeaderDictionary whole = new HeaderDictionary();
        foreach (var field in Freshening.Fields(stored, StorableFields.Of(update, [])))
            whole[field.Name] = field.Values;
        if (update.Age.Count > 0)
            whole.Age = update.Age;
        if (update.Date.Count == 0)
            whole.Date = HttpDate.Format(responseTime);
        return Create(stored.Status, whole, Directives(stored.Status, whole, policy), requestTime, responseTime, stored.Body) with { Epoch = stored.Epoch };
    }

    /// <summary>How long it is worth keeping; zero when it is of no use.</summary>
    public TimeSpan KeptFor(StoredResponse response, DateTimeOffset now)
    {
        var left = response.Lifetime - response.AgeAt(now);
        if (left < TimeSpan.Zero || response.Has(ReuseRules.AlwaysValidate))
            left = TimeSpan.Zero;
        var window = response.StaleWhileRevalidate > response.StaleIfError ? response.StaleWhileRevalidate : response.StaleIfError;
        var beyond = response.Has(ReuseRules.NeverStale) || (left == TimeSpan.Zero && response.StaleWhileRevalidate == TimeSpan.Zero) ? TimeSpan.Zero : window;
        if (response.HasValidator && beyond < options.KeptForValidation)
            beyond = options.KeptForValidation;
        var kept = left + beyond;
        return kept < options.LongestKept ? kept : options.LongestKept;
    }
}
