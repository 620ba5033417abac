using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace TenantManager.Contracts.Tokens;

/// <summary>
/// A public key of a key set. The platform's algorithm objects are not promised to be safe for concurrent use,
/// so each check rents one.
/// </summary>
internal abstract class PublicKey<TAlgorithm> : VerificationKey
    where TAlgorithm : AsymmetricAlgorithm
{
    private readonly ConcurrentBag<TAlgorithm> _idle = [];

    /// <summary>The one algorithm that the set allows for this key; null: any of its family.</summary>
    public string? OnlyAlgorithm { get; init; }

    public override bool Accepts(string algorithm) => IsOfFamily(algorithm) && (OnlyAlgorithm is null || OnlyAlgorithm == algorithm);

    public override bool Verify(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (!_idle.TryTake(out var key))
            key = Create();
        try
        {
            var verified = Verify(key, algorithm, signed, signature);
            _idle.Add(key);
            return verified;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return false;
        }
    }

    /// <summary>Whether the key's type can check this algorithm.</summary>
    protected abstract bool IsOfFamily(string algorithm);

    /// <summary>Imports the key.</summary>
    protected abstract TAlgorithm Create();

    /// <summary>Checks a signature with a rented key.</summary>
    protected abstract bool Verify(TAlgorithm key, string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);

    /// <summary>The hash of an algorithm such as ES384.</summary>
    protected static HashAlgorithmName HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}
