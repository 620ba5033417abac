using System.Globalization;
using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>All operations at once on few keys and little room: no value under a wrong key, no revision going back, books that balance.</summary>
public sealed class MemoryTierStressTests
{
    private const int Keys = 60;

    [Fact]
    public async Task MonotonicPod_UnderStress_ReadsNeverGoBack_AndTheBooksBalance()
    {
        var seed = Environment.TickCount;
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 40, ByteCapacity = new ByteSize(40 * 400), LargestEntry = new ByteSize(3000) });
        var revisions = new long[Keys];

        var failures = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => Work(tiers, revisions, new Random(seed + worker)))));

        Assert.All(failures, failure => Assert.True(failure is null, $"Seed {seed}: {failure}"));
        Assert.InRange(tiers.Tier.Count, 1, 40);
        Assert.InRange(tiers.Tier.Bytes, 1, 40 * 400);
        for (var n = 0; n < Keys; n++)
        {
            tiers.Tier.TryDeny($"k{n}", "gone", revisions[n] + 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }

        tiers.Time.Advance(TimeSpan.FromDays(1));
        tiers.Tier.Sweep();
        Assert.Equal(0, tiers.Tier.Count);
        Assert.Equal(0, tiers.Tier.Bytes);
        Assert.Equal(0, tiers.Tier.Tombstones);
    }

    private static string? Work(Tiers tiers, long[] revisions, Random random)
    {
        var seen = Enumerable.Repeat(long.MinValue, Keys).ToArray();
        for (var step = 0; step < 10_000; step++)
        {
            var n = random.Next(Keys);
            var key = $"k{n}";
            switch (random.Next(12))
            {
                case 0:
                    tiers.Tier.Invalidate(key);
                    break;
                case 1:
                    tiers.Tier.MarkUnproven(key);
                    break;
                case 2:
                    tiers.Tier.TryNotFound(key, tiers.Tier.NoteEpoch(key), TimeSpan.FromSeconds(1));
                    break;
                case 3:
                    tiers.Tier.TryDeny(key, "suspended", Interlocked.Increment(ref revisions[n]), Tiers.Recheck, TimeSpan.Zero);
                    break;
                case < 8:
                    // At times an older revision, as from an L2 that has lost writes.
                    var revision = random.Next(4) == 0 ? Volatile.Read(ref revisions[n]) - random.Next(3) : Interlocked.Increment(ref revisions[n]);
                    tiers.Fill(key, string.Create(CultureInfo.InvariantCulture, $"{n}:{revision}"), revision, size: random.Next(500));
                    break;
                default:
                    if (tiers.Fresh(key) is { } value && Check(value, n, seen) is { } failure)
                        return failure;
                    break;
            }
        }

        return null;
    }

    private static string? Check(string value, int key, long[] seen)
    {
        var parts = value.Split(':');
        var revision = long.Parse(parts[1], CultureInfo.InvariantCulture);
        if (int.Parse(parts[0], CultureInfo.InvariantCulture) != key)
            return $"read {value} under k{key}";
        if (revision < seen[key])
            return $"read {revision} of k{key} after {seen[key]}";
        seen[key] = revision;
        return null;
    }
}
