using TenantPlatform.Fuzzing.Running;

namespace TenantPlatform.Fuzzing.Tests;

/// <summary>That what CI tries is the same each time, and that what breaks is noticed.</summary>
public sealed class MutationTests
{
    private static readonly byte[][] From = ["{\"a\":1}"u8.ToArray(), "max-age=60"u8.ToArray()];

    [Fact]
    public void Mutations_AreTheSame_ForTheSameSeed_AndOthersForAnother()
    {
        var some = new Mutations(From, 1).Take(100).Select(Convert.ToHexString).ToList();

        Assert.Equal(some, new Mutations(From, 1).Take(100).Select(Convert.ToHexString));
        Assert.NotEqual(some, new Mutations(From, 2).Take(100).Select(Convert.ToHexString));
        Assert.InRange(some.Distinct(StringComparer.Ordinal).Count(), 90, 100);
    }

    [Fact]
    public void Mutations_OfNothing_AreSomething() => Assert.Contains(new Mutations([], 1).Take(20), input => input.Length > 0);

    [Fact]
    public void Run_ThatAllocatesMuchForLittle_IsAFinding()
    {
        var greedy = new FuzzTarget("greedy", static _ => GC.KeepAlive(new byte[128 * 1024 * 1024]));

        Assert.Throws<Finding>(() => BoundedRun.Of(greedy, [1, 2, 3]));
        BoundedRun.Of(new FuzzTarget("modest", static _ => GC.KeepAlive(new byte[1024])), [1, 2, 3]);
    }
}
