using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>MonotonicPod after an entry has gone: the highest revision of a key, for as long as there is room.</summary>
public sealed class RevisionMemoryTests
{
    private readonly RevisionMemory _memory = new(generationSize: 3);

    [Fact]
    public void MonotonicPod_LowerRevision_DoesNotReplaceAHigherOne()
    {
        _memory.Remember(1, 5);
        _memory.Remember(1, 4);
        Assert.Equal(5, _memory.Highest(1));

        _memory.Remember(1, 6);
        Assert.Equal(6, _memory.Highest(1));
        Assert.Null(_memory.Highest(2));
    }

    [Fact]
    public void MonotonicPod_AFullGeneration_IsKeptUntilTheNextIsFull()
    {
        for (var hash = 1UL; hash <= 6; hash++)
            _memory.Remember(hash, (long)hash);
        Assert.Equal([1, 2, 3, 4, 5, 6], Enumerable.Range(1, 6).Select(hash => _memory.Highest((ulong)hash)));

        _memory.Remember(7, 7);

        Assert.Equal([null, null, null, 4, 5, 6, 7], Enumerable.Range(1, 7).Select(hash => _memory.Highest((ulong)hash)));
    }

    [Fact]
    public void MonotonicPod_AKeyThatIsSeenAgain_StaysAmongTheYoung_WithItsHighestRevision()
    {
        for (var hash = 1UL; hash <= 4; hash++)
            _memory.Remember(hash, 9);
        _memory.Remember(1, 2);

        for (var hash = 5UL; hash <= 6; hash++)
            _memory.Remember(hash, 9);

        Assert.Equal(9, _memory.Highest(1));
        Assert.Null(_memory.Highest(2));
    }

    [Fact]
    public void Remember_OfAKeyThatIsAmongTheYoung_MakesNoNewGeneration()
    {
        for (var hash = 1UL; hash <= 6; hash++)
            _memory.Remember(hash, 1);
        _memory.Remember(6, 2);

        Assert.Equal(1, _memory.Highest(1));
        Assert.Equal(2, _memory.Highest(6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Withdraw_OfAYoungOrAnOldOne_PutsALowerOneInItsPlace(int newer)
    {
        _memory.Remember(1, 9);
        for (var n = 0; n < newer; n++)
            _memory.Remember(10UL + (ulong)n, 1);

        _memory.Withdraw(1, 4);

        Assert.Equal(4, _memory.Highest(1));
    }
}
