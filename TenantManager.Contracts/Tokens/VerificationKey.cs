namespace TenantManager.Contracts.Tokens;

/// <summary>
/// A key that can check signatures of its own family of algorithms and no other: a token's header chooses among
/// configured keys, it never decides what a key is used for.
/// </summary>
internal abstract class VerificationKey
{
    /// <summary>The key's id in its set; null when it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Whether the key may check signatures of this algorithm (RFC 7518, section 3.1).</summary>
    public abstract bool Accepts(string algorithm);

    /// <summary>Checks a signature. Never throws on bad input.</summary>
    public abstract bool Verify(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}
