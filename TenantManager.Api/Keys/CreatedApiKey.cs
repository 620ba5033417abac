namespace TenantManager.Api.Keys;

/// <summary>A new key, with its text: the only time that it is told.</summary>
internal sealed record CreatedApiKey(
    string Id, string Name, string Status, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Services, DateTime CreatedAt, DateTime? ExpiresAt, string Key)
{
    /// <summary>Without the text: a record's own would hold it, and find its way into a log.</summary>
    public override string ToString() => $"API key {Id}";
}
