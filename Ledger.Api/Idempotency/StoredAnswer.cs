namespace Ledger.Api.Idempotency;

/// <summary>What a request with this key was answered.</summary>
internal sealed record StoredAnswer(int Status, string Answer);
