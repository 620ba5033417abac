namespace TenantPlatform.TestKit;

/// <summary>A request that the fake tenant-manager got.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">Its headers; names compare without case.</param>
/// <param name="Body">Its body as text.</param>
public sealed record FakeCall(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Whether it asked to bypass caches, as revalidation does.</summary>
    public bool SkipsCache => Headers.TryGetValue("Cache-Control", out var value) && value.Contains("no-cache", StringComparison.OrdinalIgnoreCase);
}
