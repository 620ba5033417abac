namespace Cache.Core.Loading;

/// <summary>What became of a source's answer in the tiers.</summary>
internal enum Kept
{
    /// <summary>The tiers are as the answer says, or an invalidation here has overtaken it and no later caller gets it.</summary>
    Done,

    /// <summary>Another process's invalidation or write has overtaken the fetch: ask again.</summary>
    Overtaken,

    /// <summary>A higher revision has been seen: the source's answer is an old one.</summary>
    Outdated,

    /// <summary>The key is denied, and the answer is not newer than the denial.</summary>
    Denied,
}
