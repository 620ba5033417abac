using Cache.Core.Valkey.Ring;

namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>When a node counts as lost and as back.</summary>
public sealed class RingHealthTests
{
    private readonly RingHealth _health = new(new RingTerms { FailuresToLose = 3, AnswersToReturn = 5 });

    [Fact]
    public void Start_NothingIsKnown_UntilTheFirstAnswer()
    {
        Assert.Null(_health.IsReached);
        Say("-");
        Assert.Null(_health.IsReached);
        Say("+");
        Assert.True(_health.IsReached);
    }

    [Fact]
    public void Start_WithoutAnAnswer_ItIsLostAfterAsManyFailuresAsLater()
    {
        Say("--");
        Assert.Null(_health.IsReached);
        Say("-");
        Assert.False(_health.IsReached);
    }

    [Fact]
    public void Lost_AfterFailuresInARow_NotAfterAsManyBetweenAnswers()
    {
        Say("+--+--+--");
        Assert.True(_health.IsReached);
        Say("-");
        Assert.False(_health.IsReached);
    }

    [Fact]
    public void Back_AfterAnswersInARow_NotAfterAsManyBetweenFailures()
    {
        Say("+---");
        Say("++++-++++-++++");
        Assert.False(_health.IsReached);
        Say("+");
        Assert.True(_health.IsReached);
    }

    private void Say(string beats)
    {
        foreach (var beat in beats)
        {
            if (beat == '+')
                _health.Answered();
            else
                _health.Failed();
        }
    }
}
