using Cache.Core.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using TenantPlatform.HttpGuards.Settings;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>What a service says of its rate limits.</summary>
public sealed class RateLimitBuilder
{
    private const int DefaultTimeout = 250;
    private readonly Dictionary<string, string> _tiers = new(StringComparer.Ordinal);
    private Type? _partitions;
    private Func<HttpContext, GuardRefusal, Task>? _write;

    internal RateLimitBuilder()
    {
    }

    internal Type Partitions => _partitions ?? throw new InvalidOperationException($"Rate limits need to know what a request counts against: call {nameof(PartitionBy)}.");

    /// <summary>Adds a tier, which the variable <c>RATE_LIMIT_{NAME}</c> sets.</summary>
    /// <param name="name">Its name: lower-case letters, digits and <c>-</c>, which the variable has as <c>_</c>.</param>
    /// <param name="terms">Its terms unless the variable says otherwise: a count, a period and how many at once, such as <c>100/1s/500</c>; or <c>off</c>.</param>
    /// <exception cref="ArgumentException">The terms cannot be read.</exception>
    public RateLimitBuilder AddTier(string name, string terms)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!RateText.TryParse(terms, out _))
            throw new ArgumentException($"'{terms}': {RateText.Expected}.", nameof(terms));
        _tiers[name] = terms;
        return this;
    }

    /// <summary>Says what requests count against; made once, from the service's own services.</summary>
    public RateLimitBuilder PartitionBy<T>()
        where T : class, IRatePartitions
    {
        _partitions = typeof(T);
        return this;
    }

    /// <summary>Says how a refusal is written; its status and headers are set already.</summary>
    public RateLimitBuilder WriteRefusalsBy(Func<HttpContext, GuardRefusal, Task> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        _write = write;
        return this;
    }

    /// <exception cref="GuardSettingException">A setting is wrong.</exception>
    internal RateLimitOptions Build(string service, IConfiguration configuration)
    {
        var read = new SettingReader(configuration);
        var instances = read.Number("RATE_LIMIT_INSTANCES", otherwise: 1, atLeast: 1, atMost: 1000);
        return new RateLimitOptions
        {
            Service = service,
            IsEnabled = read.Flag("RATE_LIMIT_ENABLED", otherwise: true),
            Instances = instances,
            Timeout = TimeSpan.FromMilliseconds(read.Number("RATE_LIMIT_TIMEOUT_MS", DefaultTimeout, atLeast: 1, atMost: 60_000)),
            Tiers = _tiers.ToDictionary(tier => tier.Key, tier => Terms(read, tier.Key, tier.Value, instances), StringComparer.Ordinal),
            WriteRefusal = _write,
        };
    }

    private static RateTerms? Terms(SettingReader read, string tier, string otherwise, int instances)
    {
        var name = $"RATE_LIMIT_{tier.ToUpperInvariant().Replace('-', '_')}";
        var text = read.Text(name) ?? otherwise;
        if (!RateText.TryParse(text, out var terms))
            throw new GuardSettingException(name, $"is '{text}': {RateText.Expected}.");
        return terms is null || RateText.IsPossible(LocalRates.Share(terms.Value, instances))
            ? terms
            : throw new GuardSettingException(name, $"is '{text}', of which an instance's part takes more than a year to come back: set fewer RATE_LIMIT_INSTANCES than {instances}, or a shorter period.");
    }
}
