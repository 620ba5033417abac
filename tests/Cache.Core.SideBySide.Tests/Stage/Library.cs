namespace Cache.Core.SideBySide.Tests.Stage;

/// <summary>Who implements HybridCache.</summary>
public enum Library
{
    /// <summary>This repository's cache.</summary>
    CacheCore,

    /// <summary>Microsoft.Extensions.Caching.Hybrid.</summary>
    Microsoft,

    /// <summary>ZiggyCreatures.FusionCache behind its HybridCache adapter.</summary>
    FusionCache,
}
