namespace TenantManager.Contracts;

/// <summary>The plan that a tenant is on. It decides how much the tenant may ask for, never whether it is served.</summary>
public static class TenantTier
{
    /// <summary>The least.</summary>
    public const string Free = "free";

    /// <summary>What a tenant is on unless something else was said.</summary>
    public const string Standard = "standard";

    /// <summary>The most.</summary>
    public const string Premium = "premium";

    /// <summary>All of them, from the least to the most.</summary>
    public static IReadOnlyList<string> All { get; } = [Free, Standard, Premium];

    /// <summary>Whether a text is exactly one of them.</summary>
    public static bool IsKnown(string? text) => text is Free or Standard or Premium;
}
