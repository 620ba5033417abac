using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TenantManager.Client.Configuration;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>
/// The tenants that this process knows to be revoked. Until the tenant-manager itself says otherwise, no cached
/// configuration of theirs is used: L2 may have been away when it was to be cleared, or another pod may have filled it
/// again with a late answer (RevocationWins).
/// </summary>
/// <remarks>
/// Safe for concurrent use. Holds ids only of tenants that the tenant-manager knows, each for as long as something from before its
/// revocation can lie in a cache, and never more than a bound: beyond it the oldest go, which then have the tombstones in both tiers only.
/// </remarks>
internal sealed class Revocations(TenantManagerClientOptions options, TimeProvider time)
{
    /// <summary>How many tenants are remembered, but for those that came since it was looked last.</summary>
    public const int Most = 100_000;

    /// <summary>After so many revocations it is looked whether there are too many.</summary>
    public const int LookEvery = 1000;

    /// <summary>Beyond the lifetime in L2: a fetch that was under way, and clocks that do not agree.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<TenantId, Revocation> _revoked = new();
    private readonly Lock _sweeping = new();
    private readonly TimeSpan _life = options.L2TimeToLive + Margin;
    private long _last;
    private long _sweptAt = time.GetTimestamp();

    /// <summary>How many are remembered.</summary>
    public int Count => _revoked.Count;

    /// <summary>The number of the tenant's latest revocation; 0 when it is not revoked.</summary>
    public long Note(TenantId tenant) => _revoked.IsEmpty ? 0 : _revoked.GetValueOrDefault(tenant).Number;

    public void Add(TenantId tenant)
    {
        var number = Interlocked.Increment(ref _last);
        _revoked[tenant] = new Revocation(number, time.GetTimestamp());

        // Now and then: the dictionary takes all its locks to count.
        if ((number % LookEvery == 0 && _revoked.Count > Most) || time.GetElapsedTime(Volatile.Read(ref _sweptAt)) > Margin)
            Sweep();
    }

    /// <summary>The tenant-manager serves the tenant again, by an answer that was asked for after this revocation; a later one stays.</summary>
    public void Lift(TenantId tenant, long noted)
    {
        if (noted != 0 && _revoked.TryGetValue(tenant, out var latest) && latest.Number == noted)
            _revoked.TryRemove(KeyValuePair.Create(tenant, latest));
    }

    private void Sweep()
    {
        if (!_sweeping.TryEnter())
            return;
        try
        {
            Volatile.Write(ref _sweptAt, time.GetTimestamp());
            foreach (var old in _revoked.Where(one => time.GetElapsedTime(one.Value.At) > _life))
                _revoked.TryRemove(old);
            if (_revoked.Count <= Most)
                return;

            // A quarter at a time: sorting is not for every one.
            foreach (var oldest in _revoked.OrderBy(one => one.Value.Number).Take(Most / 4).ToList())
                _revoked.TryRemove(oldest);
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Revocation(long Number, long At);
}
