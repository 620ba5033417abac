using Microsoft.Coyote.Specifications;
using Microsoft.Coyote.SystematicTesting;
using Npgsql;
using TenantManager.Client.Databases;

namespace TenantPlatform.Interleavings;

/// <summary>A tenant's place among the pools. Nothing connects: what is decided here is who may use a pool.</summary>
public static class PoolScenarios
{
    private static readonly StillTime Time = new();

    /// <summary>RevocationWins: a pool whose opening began before a denial is not put in place by it, and nobody has it afterwards.</summary>
    [Test]
    public static async Task OpeningAgainstDenial()
    {
        var slot = new TenantSlot(0);
        var isDenied = 0;
        async Task Rent()
        {
            // In this order, as whoever rents does: noted, then looked up.
            var noted = slot.Closings;
            var wasDenied = Volatile.Read(ref isDenied) == 1;
            await slot.Turn.WaitAsync();
            try
            {
                // A tenant that is denied has no configuration to open with.
                if (wasDenied || slot.Closings != noted)
                    return;
                var pool = NewPool();
                if (!slot.TryPut(pool, noted, out _))
                    await pool.RetireAsync();
            }
            finally
            {
                slot.Turn.Release();
            }
        }

        async Task Deny()
        {
            Volatile.Write(ref isDenied, 1);
            slot.TryDeny(TimeSpan.FromHours(1), Time, out var pool);
            if (pool is not null)
                await pool.RetireAsync();
            Specification.Assert(pool is null || !pool.TryUse(0), "a pool of a denied tenant is given out");
        }

        var renting = Task.WhenAll(new[] { Task.Run(Rent), Task.Run(Rent) });
        await Task.WhenAll(new[] { renting, Task.Run(Deny) });
        Specification.Assert(slot.Pool is null, "a pool that was opened before a denial is in place after it");
    }

    /// <summary>A pool closes once, when it is retired and its last user has gone, and not before.</summary>
    [Test]
    public static async Task UseAgainstRetirement()
    {
        var pool = NewPool();
        async Task Use()
        {
            if (!pool.TryUse(0))
                return;
            Specification.Assert(!pool.Closed.IsCompleted, "a pool in use is closed");
            await Task.Yield();
            Specification.Assert(!pool.Closed.IsCompleted, "a pool in use is closed");
            await pool.ReleaseAsync();
        }

        await Task.WhenAll(new[] { Task.Run(Use), Task.Run(Use), Task.Run(async () => await pool.RetireAsync()) });
        Specification.Assert(pool.Closed.IsCompleted && !pool.TryUse(0), "a retired pool without users is open");
    }

    /// <summary>A pool that is evicted was idle; one that was taken into use before that stays usable to its user.</summary>
    [Test]
    public static async Task EvictionAgainstUse()
    {
        var slot = new TenantSlot(0);
        var pool = NewPool();
        slot.TryPut(pool, slot.Closings, out _);
        async Task Use()
        {
            if (slot.Pool is not { } mine || !mine.TryUse(0))
                return;
            Specification.Assert(!mine.Closed.IsCompleted, "a pool in use is closed");
            await mine.ReleaseAsync();
        }

        async Task Evict()
        {
            if (slot.TryEvict(pool))
                await pool.RetireAsync();
        }

        await Task.WhenAll(new[] { Task.Run(Use), Task.Run(Evict), Task.Run(Use) });
        Specification.Assert((slot.Pool is null) == pool.Closed.IsCompleted, "an evicted pool is open, or one in place is closed");
    }

    private static TenantPool NewPool() => new("Host=h", 1, NpgsqlDataSource.Create("Host=h"));
}
