using Cache.Core.Loading;

namespace Cache.Core.Tests.Loading;

/// <summary>A source that waits for itself is told so; every other is let wait.</summary>
public sealed class AskingTests
{
    private readonly object _cache = new();

    [Fact]
    public void Await_OutsideOfSources_NotesNothing()
    {
        Asking.Current = null;
        using var wait = Load("a").Await();
        Assert.False(wait.IsNoted);
    }

    [Fact]
    public void Await_OfALoadThatWaitsForThisOne_OverOthers_IsRefused()
    {
        var (a, b, c) = (Load("a"), Load("b"), Load("c"));
        using var runs = a.Begin();
        using var ab = b.Await();
        Assert.True(ab.IsNoted);
        using var runsB = b.Begin();
        using var bc = c.Await();
        using var runsC = c.Begin();

        var refused = Assert.Throws<InvalidOperationException>(() => a.Await());
        Assert.Contains("wait for ever", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => c.Await());
    }

    [Fact]
    public void Await_OfALoadThatWaitsForSeveral_RemembersEach()
    {
        var (a, b, c) = (Load("a"), Load("b"), Load("c"));
        using var runs = a.Begin();
        using var ab = b.Await();
        using var ac = c.Await();
        using var runsB = b.Begin();

        Assert.Throws<InvalidOperationException>(() => a.Await());
    }

    [Fact]
    public void Await_AfterTheOtherHasStoppedWaiting_IsAllowed()
    {
        var (a, b) = (Load("a"), Load("b"));
        using var runs = a.Begin();
        b.Await().Dispose();
        using var runsB = b.Begin();

        using var wait = a.Await();
        Assert.True(wait.IsNoted);
    }

    [Fact]
    public void Await_OfASourceThatHasEnded_NotesNothing()
    {
        var a = Load("a");
        a.Begin().Dispose();
        using var wait = Load("b").Await();
        Assert.False(wait.IsNoted);
    }

    [Fact]
    public void Repeated_WithinASourceThatRuns_IsRefused_WhateverLiesBetween()
    {
        using var runs = Load("a").Begin();
        var b = Load("b");
        b.ThrowIfRepeated();
        using var runsB = b.Begin();

        Assert.Throws<InvalidOperationException>(() => Load("a").ThrowIfRepeated());
        Assert.Throws<InvalidOperationException>(() => Load("b").ThrowIfRepeated());
        Load("c").ThrowIfRepeated();
    }

    [Fact]
    public void Repeated_OfAnotherCacheAnotherWayOrAnEndedSource_IsAllowed()
    {
        var run = Load("a").Begin();
        new Asking(new object(), "a", keepsNothing: false).ThrowIfRepeated();
        new Asking(_cache, "a", keepsNothing: true).ThrowIfRepeated();
        Assert.Throws<InvalidOperationException>(() => Load("a").ThrowIfRepeated());

        run.Dispose();
        Load("a").ThrowIfRepeated();
    }

    private Asking Load(string key) => new(_cache, key, keepsNothing: false);
}
