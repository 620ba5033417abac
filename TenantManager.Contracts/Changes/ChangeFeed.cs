namespace TenantManager.Contracts.Changes;

/// <summary>What both sides of the change feed must agree on.</summary>
public static class ChangeFeed
{
    /// <summary>Where it is.</summary>
    public const string Path = "/v1/changes";

    /// <summary>The most changes on a page.</summary>
    public const int LongestPage = 1000;

    /// <summary>The longest that an answer may be kept waiting for a change.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
}
