using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Respondents;
using TenantPlatform.Observer.Watching;

namespace TenantPlatform.Observer.Tests.Watching;

public sealed class VerdictsTests
{
    [Theory]
    [InlineData("found", 5, "l1", "found", 5, "fresh")]
    [InlineData("found", 5, "l1", "found", 4, "outdated")]
    [InlineData("found", 5, "l2", "found", 6, "fresh")]
    [InlineData("found", 5, "l1", "denied", 4, "refusing")]
    [InlineData("found", 5, "l1", "not-found", null, "refusing")]
    [InlineData("found", 5, "manager", null, null, "fresh")]
    [InlineData("denied", 5, "l1", "found", 4, "revoked")]
    [InlineData("denied", 5, "l2", "found", 5, "revoked")]
    [InlineData("denied", 5, "l1", "found", 6, "fresh")]
    [InlineData("denied", 5, "l1", "denied", 4, "fresh")]
    [InlineData("denied", 5, "l1", "not-found", null, "fresh")]
    [InlineData("denied", 5, "manager", null, null, "fresh")]
    [InlineData("denied", null, "l1", "found", null, "revoked")]
    [InlineData("not-found", null, "l1", "found", 4, "revoked")]
    [InlineData("not-found", null, "l1", "denied", 4, "fresh")]
    [InlineData("found", null, "l1", "found", null, "fresh")]
    [InlineData("found", null, "l1", "denied", 4, "refusing")]
    public void Verdict_OfWhatAPodWouldAnswer_ComparesOutcomeAndRevision(string truth, int? revision, string source, string? outcome, int? known, string expected) =>
        Assert.Equal(expected, Verdicts.Of(
            new Truth(truth, revision),
            new Answer(new TenantBasis { Tenant = "t", Service = "ledger", Source = source, Outcome = outcome, Revision = known })).Name());

    [Fact]
    public void Verdict_OfNoAnswer_SaysWhy()
    {
        Assert.Equal(Verdict.Away, Verdicts.Of(new Truth("found", 1), Answer.Away));
        Assert.Equal(Verdict.Untold, Verdicts.Of(new Truth("found", 1), Answer.Refused));
        Assert.Equal(Verdict.Unreadable, Verdicts.Of(new Truth("found", 1), Answer.Unreadable));
    }
}
