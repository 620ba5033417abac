using System.Globalization;
using TenantManager.Client.Configuration;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Revalidation;

/// <summary>What is remembered of revoked tenants, and for how long.</summary>
public sealed class RevocationsTests
{
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);
    private readonly FakeTimeProvider _time = new();
    private readonly TenantManagerClientOptions _options = new();
    private readonly Revocations _revocations;

    public RevocationsTests() => _revocations = new Revocations(_options, _time);

    [Fact]
    public void Lift_ByAnAnswerFromBeforeALaterRevocation_IsNoLift()
    {
        _revocations.Add(Tenant(1));
        var noted = _revocations.Note(Tenant(1));
        _revocations.Add(Tenant(1));

        _revocations.Lift(Tenant(1), noted);
        Assert.NotEqual(0, _revocations.Note(Tenant(1)));

        _revocations.Lift(Tenant(1), _revocations.Note(Tenant(1)));
        Assert.Equal(0, _revocations.Note(Tenant(1)));
    }

    [Fact]
    public void Revocation_IsRemembered_ForAsLongAsSomethingFromBeforeItCanLieInACache()
    {
        _revocations.Add(Tenant(1));
        _time.Advance(_options.L2TimeToLive + Margin);
        _revocations.Add(Tenant(2));
        Assert.NotEqual(0, _revocations.Note(Tenant(1)));

        _time.Advance(Margin + TimeSpan.FromTicks(1));
        _revocations.Add(Tenant(3));
        Assert.Equal(0, _revocations.Note(Tenant(1)));
        Assert.NotEqual(0, _revocations.Note(Tenant(2)));
    }

    [Fact]
    public void AMillionRevocations_TakeNoMoreRoomThanTheBound_AndTheLatestAreKept()
    {
        for (var n = 0; n < 1_000_000; n++)
        {
            _revocations.Add(Tenant(n));
            if (n % 1000 == 0)
                Assert.InRange(_revocations.Count, 1, Revocations.Most + Revocations.LookEvery);
        }

        Assert.InRange(_revocations.Count, Revocations.Most * 7 / 10, Revocations.Most);
        Assert.NotEqual(0, _revocations.Note(Tenant(999_999)));
        Assert.NotEqual(0, _revocations.Note(Tenant(999_999 - (Revocations.Most / 2))));
        Assert.Equal(0, _revocations.Note(Tenant(0)));
    }

    private static TenantId Tenant(int n) => TenantId.Parse(string.Create(CultureInfo.InvariantCulture, $"tenant-{n}"));
}
