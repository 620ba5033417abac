using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cache.Core.Tiered;

/// <summary>What an application has said by <c>AddHybridCache(options => …)</c> for all calls, as far as it means something here.</summary>
/// <param name="Defaults">Lifetimes and flags of calls that give none.</param>
/// <param name="LongestKey">Values of longer keys are not cached.</param>
/// <param name="LargestValue">Longer values are not written to L2; null: as the cache's own options say.</param>
/// <param name="IsLost">Whether something was said that this program cannot read: what reads it was trimmed away.</param>
/// <remarks>
/// That options type is in a package that this library does not depend on, so it is found by its name among the registered
/// configurations, and only what differs from its defaults counts. Compression has no meaning here: values are not compressed.
/// </remarks>
internal sealed record HybridSettings(HybridCacheEntryOptions? Defaults = null, int LongestKey = int.MaxValue, long? LargestValue = null, bool IsLost = false)
{
    private const string OptionsType = "Microsoft.Extensions.Caching.Hybrid.HybridCacheOptions";
    private const string TrimmedAway = "What was trimmed away is noticed, and told.";

    public static HybridSettings None { get; } = new();

    /// <summary>Reads what is registered, before or after the cache itself.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = TrimmedAway)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = TrimmedAway)]
    [UnconditionalSuppressMessage("Trimming", "IL2076", Justification = TrimmedAway)]
    public static HybridSettings Of(IServiceProvider provider, IServiceCollection services)
    {
        var type = services.Select(static service => ConfiguredBy(service.ServiceType)).FirstOrDefault(static type => type?.FullName == OptionsType);
        if (type is null || provider.GetService(typeof(IOptions<>).MakeGenericType(type)) is not { } options)
            return None;
        if (options.GetType().GetProperty(nameof(IOptions<object>.Value))?.GetValue(options) is not { } configured
            || type.GetConstructor(Type.EmptyTypes)?.Invoke(null) is not { } unchanged
            || type.GetProperties().Length == 0)
        {
            return new HybridSettings(IsLost: true);
        }

        return new HybridSettings(
            type.GetProperty("DefaultEntryOptions")?.GetValue(configured) as HybridCacheEntryOptions,
            Changed("MaximumKeyLength") is int longest ? longest : int.MaxValue,
            Changed("MaximumPayloadBytes") as long?);

        object? Changed(string name)
        {
            var property = type.GetProperty(name);
            var value = property?.GetValue(configured);
            return Equals(value, property?.GetValue(unchanged)) ? null : value;
        }
    }

    private static Type? ConfiguredBy(Type service) =>
        service.IsGenericType && (service.GetGenericTypeDefinition() == typeof(IConfigureOptions<>) || service.GetGenericTypeDefinition() == typeof(IPostConfigureOptions<>))
            ? service.GenericTypeArguments[0]
            : null;
}
