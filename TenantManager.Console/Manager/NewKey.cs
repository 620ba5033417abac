namespace TenantManager.Console.Manager;

/// <summary>A new key, or a key's new text: the only time that it is told.</summary>
public sealed record NewKey(string Id, string Name, string Key)
{
    /// <summary>Without the text: a record's own would hold it, and find its way into a log.</summary>
    public override string ToString() => $"API key {Id}";
}
