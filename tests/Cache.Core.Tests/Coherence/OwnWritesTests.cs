using Cache.Core.Coherence;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

public sealed class OwnWritesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly OwnWrites _own;

    public OwnWritesTests() => _own = new OwnWrites(_time, Patience);

    [Fact]
    public void Takes_NothingWritten_IsForeign() => Assert.False(_own.Takes("key"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Takes_FirstPushAfterAWrite_IsItsEchoAndTheNextIsForeign(bool echoFirst)
    {
        var writing = _own.Begin("key");
        if (!echoFirst)
            writing.Dispose();

        Assert.True(_own.Takes("key"));
        writing.Dispose();

        Assert.False(_own.Takes("key"));
        Assert.Equal(0, _own.Count);
    }

    [Fact]
    public void Takes_OtherKey_IsForeign()
    {
        using var writing = _own.Begin("key");

        Assert.False(_own.Takes("other"));
    }

    [Fact]
    public void Takes_RefusedWrite_ExpectsNoEcho()
    {
        var writing = _own.Begin("key");
        writing.Answered(written: false);
        writing.Dispose();

        Assert.False(_own.Takes("key"));
        Assert.Equal(0, _own.Count);
    }

    [Fact]
    public void Takes_PushLongAfterTheWrite_IsForeign()
    {
        _own.Begin("key").Dispose();
        _time.Advance(Patience * 2);

        Assert.False(_own.Takes("key"));
        Assert.Equal(0, _own.Count);
    }

    [Fact]
    public void Begin_WithoutAnyEcho_StaysBounded()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _own.Begin($"key{i}").Dispose();
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(_own.Count, 1, 2000);
    }

    [Fact]
    public async Task Begin_ManyThreads_LeavesNothingBehind()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                using (_own.Begin("key"))
                    _own.Takes("key");
            }
        })));
        while (_own.Takes("key"))
        {
        }

        Assert.Equal(0, _own.Count);
    }
}
