using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>The queue beside a list that does the same: its order in both directions, its books, and what an entry that has left still holds.</summary>
public sealed class EntryQueueTests
{
    private readonly EntryQueue _queue = new(EntryPlace.Main);
    private readonly List<MemoryEntry> _model = [];
    private int _made;

    [Fact]
    public void Queue_RandomChanges_HoldsWhatAListHolds()
    {
        var random = new Random(11);
        for (var step = 0; step < 5_000; step++)
        {
            var at = random.Next(Math.Max(1, _model.Count));
            switch (_model.Count == 0 ? 0 : random.Next(5))
            {
                case 0 or 1:
                    Append();
                    break;
                case 4:
                    Prepend();
                    break;
                case 2:
                    Remove(at);
                    break;
                default:
                    Replace(at);
                    break;
            }

            AssertSame();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Replace_AtEitherEndOrBetween_PutsTheNewEntryThere(int at)
    {
        for (var n = 0; n < 3; n++)
            Append();

        Replace(at);

        AssertSame();
    }

    [Fact]
    public void Remove_OfTheOnlyOne_LeavesAQueueThatTakesTheNext()
    {
        Append();
        Remove(0);
        Assert.Null(_queue.Oldest);

        Append();
        AssertSame();
    }

    private void Append()
    {
        var entry = New();
        _queue.Append(entry);
        _model.Add(entry);
        Assert.True(entry.IsStored);
    }

    private void Prepend()
    {
        var entry = New();
        _queue.Prepend(entry);
        _model.Insert(0, entry);
        Assert.True(entry.IsStored);
    }

    private void Remove(int at)
    {
        var entry = _model[at];
        _queue.Remove(entry);
        _model.RemoveAt(at);
        AssertLeft(entry);
    }

    private void Replace(int at)
    {
        var (entry, successor) = (_model[at], New());
        _queue.Replace(entry, successor);
        _model[at] = successor;
        AssertLeft(entry);
    }

    /// <summary>It may live on in a reader's hands: then it must know that it has gone, and hold no neighbour.</summary>
    private static void AssertLeft(MemoryEntry entry)
    {
        Assert.False(entry.IsStored);
        Assert.Equal((null, null), (entry.Older, entry.Newer));
    }

    private void AssertSame()
    {
        Assert.Equal((_model.Count, _model.Sum(entry => entry.Size)), (_queue.Count, _queue.Bytes));
        Assert.Same(_model.FirstOrDefault(), _queue.Oldest);
        for (var n = 0; n < _model.Count; n++)
        {
            Assert.Same(n == 0 ? null : _model[n - 1], _model[n].Older);
            Assert.Same(n == _model.Count - 1 ? null : _model[n + 1], _model[n].Newer);
            Assert.Equal(EntryPlace.Main, _model[n].Place);
        }
    }

    private MemoryEntry<int> New() =>
        new($"k{++_made}", hash: 0, _made, revision: null, long.MaxValue, long.MaxValue) { Size = 1 + (_made % 7) };
}
