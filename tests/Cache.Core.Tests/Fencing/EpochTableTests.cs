using Cache.Core.Fencing;

namespace Cache.Core.Tests.Fencing;

/// <summary>A key's epoch is moved by what happens to the key, and by its neighbours only when nobody can tell any more.</summary>
public sealed class EpochTableTests
{
    // The same stripe, and the same place in nobody's memory.
    private const ulong Key = 0x1234_0000_0000_0010;
    private const ulong Neighbour = 0x1234_0000_0000_0020;
    private readonly EpochTable _epochs = new();

    [Fact]
    public void Since_NothingHappened_None() => Assert.Equal(EpochChange.None, _epochs.Since(Key, _epochs.Note(Key)));

    [Fact]
    public void Since_TheKeyWasMoved_Moved()
    {
        var noted = _epochs.Note(Key);
        _epochs.Move(Key);
        _epochs.Echo(Neighbour);

        Assert.Equal(EpochChange.Moved, _epochs.Since(Key, noted));
    }

    [Fact]
    public void Since_TheKeyWasEchoed_Echoed()
    {
        var noted = _epochs.Note(Key);
        _epochs.Echo(Key);
        _epochs.Move(Neighbour);

        Assert.Equal(EpochChange.Echoed, _epochs.Since(Key, noted));
    }

    [Fact]
    public void Since_NeighboursWereMoved_None_UntilThereAreTooMany()
    {
        for (var before = 0; before < 10; before++)
        {
            var noted = _epochs.Note(Key);
            for (var n = 1; n < EpochTable.Remembered; n++)
            {
                _epochs.Move(Neighbour);
                Assert.Equal(EpochChange.None, _epochs.Since(Key, noted));
            }

            _epochs.Move(Neighbour);
            Assert.Equal(EpochChange.Moved, _epochs.Since(Key, noted));
        }
    }

    [Fact]
    public void Since_SoManyEchoesOfNeighbours_Echoed()
    {
        var noted = _epochs.Note(Key);
        for (var n = 0; n < EpochTable.Remembered; n++)
            _epochs.Echo(Neighbour);

        Assert.Equal(EpochChange.Echoed, _epochs.Since(Key, noted));
    }

    [Fact]
    public void Since_TheKeyWasMovedLongAgo_NothingOfItCountsAgain()
    {
        _epochs.Move(Key);
        var noted = _epochs.Note(Key);
        _epochs.Move(Neighbour);

        Assert.Equal(EpochChange.None, _epochs.Since(Key, noted));
    }

    [Fact]
    public void MoveAll_MovesEveryKey()
    {
        var noted = _epochs.Note(Key);
        _epochs.MoveAll();

        Assert.Equal(EpochChange.Moved, _epochs.Since(Key, noted));
    }

    [Fact]
    public void MoveAll_IsNotUndoneByWhatComesAfter()
    {
        var noted = _epochs.Note(Key);
        _epochs.MoveAll();
        for (var n = 0; n < EpochTable.Remembered; n++)
        {
            _epochs.Move(Neighbour);
            Assert.Equal(EpochChange.Moved, _epochs.Since(Key, noted));
        }
    }

    [Fact]
    public void Since_TheKeyWasMovedJustBefore_AsLongAgoAsIsRemembered_None()
    {
        _epochs.Move(Key);
        var noted = _epochs.Note(Key);
        for (var n = 1; n < EpochTable.Remembered; n++)
            _epochs.Move(Neighbour);

        Assert.Equal(EpochChange.None, _epochs.Since(Key, noted));
    }

    [Fact]
    public void Since_SoManyEchoesOfNeighbours_AfterMovesFromBefore_Echoed()
    {
        _epochs.Move(Neighbour);
        var noted = _epochs.Note(Key);
        for (var n = 0; n < EpochTable.Remembered; n++)
            _epochs.Echo(Neighbour);

        Assert.Equal(EpochChange.Echoed, _epochs.Since(Key, noted));
    }

    [Fact]
    public void Since_KeysOfAnotherStripeWereMoved_HoweverMany_None()
    {
        var noted = _epochs.Note(Key);
        for (var n = 0; n < 10; n++)
            _epochs.Move(Key ^ (1UL << 48));

        Assert.Equal(EpochChange.None, _epochs.Since(Key, noted));
        Assert.Equal(noted, _epochs.Note(Key));
    }

    [Fact]
    public async Task Since_WhileNeighboursMove_AMoveOfTheKeyIsNeverOverlooked()
    {
        using var stop = new CancellationTokenSource();
        var noise = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                _epochs.Move(Neighbour);
        });

        var overlooked = 0;
        for (var n = 0; n < 50_000; n++)
        {
            var noted = _epochs.Note(Key);
            _epochs.Move(Key);
            if (_epochs.Since(Key, noted) != EpochChange.Moved)
                overlooked++;
        }

        await stop.CancelAsync();
        await noise;
        Assert.Equal(0, overlooked);
    }
}
