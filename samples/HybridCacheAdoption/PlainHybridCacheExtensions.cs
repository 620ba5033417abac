using Microsoft.Extensions.Caching.Hybrid;

namespace HybridCacheAdoption;

/// <summary>Registration of the stand-in.</summary>
internal static class PlainHybridCacheExtensions
{
    public static IServiceCollection AddPlainHybridCache(this IServiceCollection services) => services.AddSingleton<HybridCache, PlainHybridCache>();
}
