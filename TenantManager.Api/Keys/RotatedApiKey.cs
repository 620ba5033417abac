namespace TenantManager.Api.Keys;

/// <summary>A key's new text: the only time that it is told.</summary>
internal sealed record RotatedApiKey(string Id, string Name, string Key, DateTimeOffset? PreviousExpiresAt)
{
    /// <summary>Without the text: a record's own would hold it, and find its way into a log.</summary>
    public override string ToString() => $"API key {Id}";
}
