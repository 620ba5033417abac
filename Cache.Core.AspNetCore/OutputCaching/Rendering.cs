using Cache.Core.Tagging;

namespace Cache.Core.AspNetCore.OutputCaching;

/// <summary>What a request that may render a page knows of tags since before it began to.</summary>
internal sealed class Rendering(TagNote tags)
{
    public TagNote Tags { get; private set; } = tags;

    /// <summary>L2 was away when the page was looked for, so it will not be kept there either, and what this process knows of tags must do.</summary>
    public void IsAlone() => Tags = Tags with { IsL2Away = true };
}
