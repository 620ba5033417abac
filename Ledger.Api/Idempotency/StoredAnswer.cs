namespace Ledger.Api.Idempotency;

/// <summary>What a request with this key was answered.</summary>
internal sealed record StoredAnswer
{
    public string RequestHash { get; init; } = string.Empty;

    public int Status { get; init; }

    public string Answer { get; init; } = string.Empty;
}
