using TenantManager.Client.Revalidation;
using TenantManager.Contracts.Changes;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>When the feed is asked and relied on, at any interval that can be set.</summary>
public sealed class FeedPaceTests
{
    /// <summary>A call to the tenant-manager when all is well.</summary>
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(300)]
    [InlineData(3600)]
    public void BoundedDenial_FeedIsAskedAtLeastOncePerInterval_AndReliedOnBetweenTheAnswers(double seconds)
    {
        var interval = TimeSpan.FromSeconds(seconds);
        var pace = new FeedPace(interval);
        var time = new FakeTimeProvider();
        var coverage = new FeedCoverage(pace, time);
        coverage.Answered(time.GetTimestamp());
        var asked = time.GetTimestamp();
        for (var round = 0; round < 200; round++)
        {
            time.Advance(pace.AfterAnswer(time.GetElapsedTime(asked)));
            Assert.InRange(time.GetElapsedTime(asked), TimeSpan.Zero, interval);
            asked = time.GetTimestamp();
            var wait = pace.WaitFor(coverage.Known);
            Assert.InRange(wait, TimeSpan.Zero, ChangeFeed.LongestWait);

            // At worst the answer comes at the end of what was granted; now and then a change brings it at once.
            time.Advance((round % 3 == 0 ? TimeSpan.Zero : wait) + Latency);
            Assert.True(coverage.IsCovering, $"Round {round}: everything was known {coverage.Known} ago.");
            coverage.Answered(time.GetTimestamp() - (long)(Latency.TotalSeconds * time.TimestampFrequency));
        }
    }

    [Fact]
    public void BoundedDenial_WithoutAnswers_TheFeedIsNotReliedOn_BeforeTheIntervalIsOver()
    {
        var time = new FakeTimeProvider();
        var coverage = new FeedCoverage(new FeedPace(TimeSpan.FromSeconds(30)), time);
        Assert.False(coverage.IsCovering);
        coverage.Answered(time.GetTimestamp());
        Assert.True(coverage.IsCovering);

        time.Advance(TimeSpan.FromSeconds(23));
        Assert.False(coverage.IsCovering);
    }

    [Fact]
    public void Failure_EndsTheCover_AndThreeAnswersInARowBringItBack()
    {
        var time = new FakeTimeProvider();
        var coverage = new FeedCoverage(new FeedPace(TimeSpan.FromSeconds(30)), time);
        coverage.Answered(time.GetTimestamp());
        coverage.Failed();
        Assert.False(coverage.IsCovering);
        coverage.Answered(time.GetTimestamp());
        coverage.Answered(time.GetTimestamp());
        Assert.False(coverage.IsCovering);
        coverage.Answered(time.GetTimestamp());
        Assert.True(coverage.IsCovering);
    }

    /// <summary>Each loss has pods ask about every tenant: a feed that hardly keeps up must not be lost again and again.</summary>
    [Fact]
    public void Late_AnswersAsOftenAsNot_BringNoCoverThatComesAndGoes()
    {
        var time = new FakeTimeProvider();
        var coverage = new FeedCoverage(new FeedPace(TimeSpan.FromSeconds(30)), time);
        coverage.Answered(time.GetTimestamp());
        for (var round = 0; round < 10; round++)
        {
            time.Advance(TimeSpan.FromSeconds(23));
            Assert.False(coverage.IsCovering);
            coverage.Answered(time.GetTimestamp());
            Assert.False(coverage.IsCovering);
            time.Advance(TimeSpan.FromSeconds(16));
            coverage.Answered(time.GetTimestamp());
            Assert.False(coverage.IsCovering);
        }
    }

    [Fact]
    public void NoHerd_PodsThatFailTogether_AskAgainSpreadOverTime()
    {
        var pace = new FeedPace(TimeSpan.FromSeconds(30));
        Assert.InRange(pace.AfterFailure(1) - pace.AfterFailure(0), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Assert.InRange(pace.AfterFailure(1), TimeSpan.Zero, TimeSpan.FromSeconds(17));
    }
}
