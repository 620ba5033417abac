using Cache.Core.Memory;
using Microsoft.Coyote.Specifications;
using Microsoft.Coyote.SystematicTesting;

namespace TenantPlatform.Interleavings;

/// <summary>L1 and its table.</summary>
public static class TierScenarios
{
    private const string Key = "k";

    /// <summary>NoResurrection: an invalidation that has returned is not undone by a fill that read before it.</summary>
    [Test]
    public static async Task FillAgainstInvalidation()
    {
        var tier = new Tier();
        var source = 0;
        void Load()
        {
            var epoch = tier.L1.NoteEpoch(Key);
            var read = Volatile.Read(ref source);
            tier.Fill(Key, epoch, $"{read}", revision: null);
        }

        void Change()
        {
            Volatile.Write(ref source, 1);
            tier.L1.Invalidate(Key);
            Specification.Assert(tier.Fresh(Key) is null or "1" && tier.Stale(Key) is null or "1", "what was invalidated is served");
        }

        await Task.WhenAll(new[] { Task.Run(Load), Task.Run(Load), Task.Run(Change) });
        Specification.Assert(tier.Fresh(Key) is null or "1", "what was invalidated stays");
    }

    /// <summary>RevocationWins: once a denial has returned nothing older is served, whoever fills.</summary>
    [Test]
    public static async Task FillAgainstDenial()
    {
        var tier = new Tier();
        void Load(long revision) => tier.Fill(Key, tier.L1.NoteEpoch(Key), $"{revision}", revision);
        void Deny()
        {
            tier.L1.TryDeny(Key, "suspended", 2, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
            Specification.Assert(tier.Fresh(Key) is null or "3" && tier.Stale(Key) is null or "3", "what was denied is served");
        }

        await Task.WhenAll(new[] { Task.Run(() => Load(1)), Task.Run(Deny), Task.Run(() => Load(3)) });
        Specification.Assert(tier.Fresh(Key) is null or "3", "what was denied stays");
    }

    /// <summary>MonotonicPod: a reader never sees an older revision after a newer one.</summary>
    [Test]
    public static async Task ReadsGrow()
    {
        var tier = new Tier();
        void Load(long revision) => tier.Fill(Key, tier.L1.NoteEpoch(Key), $"{revision}", revision);
        void Read()
        {
            var highest = 0L;
            for (var n = 0; n < 4; n++)
            {
                var seen = tier.Fresh(Key) is { } value ? long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : 0;
                Specification.Assert(seen == 0 || seen >= highest, "an older revision is seen after a newer one");
                highest = Math.Max(highest, seen);
            }
        }

        await Task.WhenAll(new[] { Task.Run(() => Load(1)), Task.Run(() => Load(2)), Task.Run(Read) });
        Specification.Assert(tier.Fresh(Key) is "1" or "2", "nothing is kept");
    }

    /// <summary>The table: a key that is there all the while is found, while others come, go and make it grow; and it is the right one.</summary>
    [Test]
    public static async Task FindWhileItGrows()
    {
        var table = new EntryTable();
        var keys = Enumerable.Range(0, 14).Select(static n => $"key{n}").ToArray();
        foreach (var key in keys[..8])
            Put(table, key);
        void Write()
        {
            for (var n = 8; n < keys.Length; n++)
                Put(table, keys[n]);
            for (var n = 1; n < 8; n++)
                table.Remove(keys[n], KeyHash.Of(keys[n]));
            Put(table, keys[0]);
        }

        void Read()
        {
            for (var n = 0; n < 3; n++)
            {
                Specification.Assert(table.Find(keys[0], KeyHash.Of(keys[0]))?.Key == keys[0], "a key that is there is not found");
                Specification.Assert(table.Find(keys[9], KeyHash.Of(keys[9])) is null or { Key: "key9" }, "another key is found");
            }
        }

        await Task.WhenAll(new[] { Task.Run(Write), Task.Run(Read), Task.Run(Read) });
        Specification.Assert(table.Count == 7 && table.Find(keys[1], KeyHash.Of(keys[1])) is null, "what was removed is found");
    }

    private static void Put(EntryTable table, string key) => table.Put(new NotFoundEntry(key, KeyHash.Of(key), long.MaxValue), KeyHash.Of(key));
}
