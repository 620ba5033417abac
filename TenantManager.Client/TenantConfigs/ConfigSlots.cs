using System.Runtime.InteropServices;
using Cache.Core.Memory;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>
/// Grips on L1's entries by tenant and service, so that a hit neither makes nor hashes a key. Each pair has one place;
/// who finds it taken by a living entry goes by the key, and nothing is allocated for it.
/// </summary>
/// <remarks>Safe for concurrent use. Only pairs that passed <see cref="TenantConfigKey.For"/> are in it, so it need not check them.</remarks>
internal sealed class ConfigSlots
{
    private const int Bits = 12;
    private const ulong Spread = 0x9E3779B97F4A7C15;
    private readonly ConfigSlot?[] _slots = new ConfigSlot?[1 << Bits];

    /// <summary>The pair's slot, or null.</summary>
    public ConfigSlot? Find(TenantId tenant, string? service)
    {
        var id = tenant.Value;
        var slot = Volatile.Read(ref _slots[Place(id)]);
        return slot is not null && string.Equals(slot.Tenant, id, StringComparison.Ordinal) && string.Equals(slot.Service, service, StringComparison.Ordinal)
            ? slot
            : null;
    }

    /// <summary>Keeps a grip, unless the place is taken by one that still holds.</summary>
    public void Offer(TenantId tenant, string service, HeldEntry<TenantConfig> entry)
    {
        ref var place = ref _slots[Place(tenant.Value)];
        if (Volatile.Read(ref place) is not { Entry.IsHeld: true })
            Volatile.Write(ref place, new ConfigSlot(tenant.Value, service, entry));
    }

    /// <summary>By both ends of the id, which is where ids differ. Nearly always there is one service, so it does not count.</summary>
    private static int Place(string id)
    {
        var bytes = MemoryMarshal.AsBytes(id.AsSpan());
        var bits = bytes.Length >= sizeof(ulong)
            ? (MemoryMarshal.Read<ulong>(bytes) * Spread) + MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..])
            : (ulong)bytes.Length + (bytes.IsEmpty ? 0u : bytes[0]);
        return (int)((bits * Spread) >> (64 - Bits));
    }
}
