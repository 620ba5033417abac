using Cache.Core.Tagging;

namespace Cache.Core.Tests.Tagging;

/// <summary>What an entry's tags say of it: current, revoked, or not known here.</summary>
public sealed class TagStampsTests
{
    private readonly TagState _red = Known("red", "r1");
    private readonly TagState _round = Known("round", "o1");
    private readonly TagStamps _stamps;

    public TagStampsTests() => _stamps = new TagStamps([(_red, "r1"), (_round, "o1")]);

    [Fact]
    public void Stamps_OfTagsThatAreAsTheyWere_AreCurrent() => AssertIs(current: true, revoked: false);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RevocationWins_OneTagRemoved_RevokesTheEntry(bool isFirst)
    {
        (isFirst ? _red : _round).Change("another");
        AssertIs(current: false, revoked: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stamps_WithOneTagUnknown_AreNeither(bool isFirst)
    {
        var unknown = isFirst ? _red : _round;
        unknown.Change();
        AssertIs(current: false, revoked: false, unknown);
    }

    [Fact]
    public void RevocationWins_OneTagUnknownAndOneRemoved_IsRevokedWithoutAsking()
    {
        _red.Change();
        _round.Change("another");
        AssertIs(current: false, revoked: true, _red);
        Assert.False(_stamps.AreUnknown);
    }

    [Fact]
    public void Stamps_AreStoredByNameAndEpoch() =>
        Assert.Equal([new TagStamp("red", "r1"), new TagStamp("round", "o1")], _stamps.Stamps);

    [Fact]
    public void NoResurrection_AnEpochThatWasReadBeforeAChange_IsNotLearned()
    {
        var changes = _red.Changes;
        _red.Change("r2");

        _red.Learn(changes, "r1", proof: 9);
        Assert.Equal(("r2", 7), (_red.Epoch, _red.Proof));

        _red.Learn(_red.Changes, "r3", proof: 9);
        Assert.Equal(("r3", 9), (_red.Epoch, _red.Proof));
    }

    private void AssertIs(bool current, bool revoked, params TagState[] unknown)
    {
        Assert.Equal((current, revoked, !current && !revoked), (_stamps.AreCurrent, _stamps.AreRevoked, _stamps.AreUnknown));
        Assert.Equal(unknown, _stamps.Unknown);
    }

    private static TagState Known(string name, string epoch)
    {
        var state = new TagState(name);
        state.Learn(state.Changes, epoch, proof: 7);
        return state;
    }
}
