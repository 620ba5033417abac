namespace TenantManager.Api.Keys;

/// <summary>A key with its new text, which is told once and kept nowhere.</summary>
internal sealed record IssuedKey(ApiKeyRow Row, string Text, DateTimeOffset? PreviousExpiresAt = null)
{
    /// <summary>Without the text: a record's own would hold it, and find its way into a log.</summary>
    public override string ToString() => $"API key {Row.Id}";
}
