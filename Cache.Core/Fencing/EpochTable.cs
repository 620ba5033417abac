namespace Cache.Core.Fencing;

/// <summary>
/// L1's guard against overtaken fills: an epoch per stripe of keys. Whoever will fill notes the epoch before reading;
/// an invalidation moves it; a fill whose epoch has moved is rejected (NoResurrection).
/// </summary>
/// <remarks>Keys share stripes: a neighbour's invalidation may reject a fill, which costs one more read and is never wrong.</remarks>
internal sealed class EpochTable
{
    private const int Stripes = 1024;
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];

    /// <summary>The key's present epoch.</summary>
    public long Note(string key) => Volatile.Read(ref StripeOf(key).Epoch);

    /// <summary>Moves the key's epoch. Call it under <see cref="LockOf"/>.</summary>
    public void Move(string key) => Interlocked.Increment(ref StripeOf(key).Epoch);

    /// <summary>Makes checking the epoch and filling one step.</summary>
    public Lock LockOf(string key) => StripeOf(key).Lock;

    private Stripe StripeOf(string key) => _stripes[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Stripes];

    private sealed class Stripe
    {
        public readonly Lock Lock = new();
        public long Epoch;
    }
}
