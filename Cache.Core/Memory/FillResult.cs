namespace Cache.Core.Memory;

/// <summary>What became of a fill.</summary>
internal enum FillResult
{
    /// <summary>The value is the newest known here.</summary>
    Accepted,

    /// <summary>An invalidation has overtaken the read that it comes from.</summary>
    Overtaken,

    /// <summary>A higher revision was seen, or a denial that it does not outdate.</summary>
    Outdated,
}
