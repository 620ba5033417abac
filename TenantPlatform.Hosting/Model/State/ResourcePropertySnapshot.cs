namespace Aspire.Hosting.ApplicationModel;

/// <summary>A fact about a running resource.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the value is a secret, never to be shown.</summary>
    public bool IsSensitive { get; init; }
}
