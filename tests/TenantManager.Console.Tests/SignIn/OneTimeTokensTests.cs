using Microsoft.Extensions.Time.Testing;
using TenantManager.Console.Configuration;
using TenantManager.Console.SignIn;

namespace TenantManager.Console.Tests.SignIn;

/// <summary>One-time tokens: once, for a while, and each for one.</summary>
public sealed class OneTimeTokensTests
{
    private const string First = "first-token-0123456789";
    private readonly FakeTimeProvider _time = new();
    private readonly OneTimeTokens _tokens;

    public OneTimeTokensTests() => _tokens = new OneTimeTokens(
        new ConsoleOptions { TenantManager = new Uri("http://tenant-manager"), ApiKey = "console-key-0123456789", OperatorToken = First }, _time);

    [Fact]
    public void Token_OfTheStart_OpensOnce_HoweverLongItWaited()
    {
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(Roles.Operator, _tokens.Use(First)?.Role);
        Assert.Null(_tokens.Use(First));
        Assert.Null(_tokens.Peek(First));
    }

    [Fact]
    public void Invitation_OpensOnce_WithItsRoleAndName()
    {
        var text = _tokens.Issue(Roles.Viewer, "Bob")!;
        Assert.Equal((Roles.Viewer, "Bob"), (_tokens.Peek(text)!.Role, _tokens.Peek(text)!.Name));
        Assert.NotNull(_tokens.Use(text));
        Assert.Null(_tokens.Use(text));
    }

    [Fact]
    public void Invitation_PastItsEnd_OpensNothing()
    {
        var text = _tokens.Issue(Roles.Operator, name: null)!;
        _time.Advance(OneTimeTokens.Lifetime);
        Assert.Null(_tokens.Peek(text));
        Assert.Null(_tokens.Use(text));
    }

    [Fact]
    public void Invitations_AreBounded_UntilSomeExpire()
    {
        string? text;
        var issued = 0;
        while ((text = _tokens.Issue(Roles.Viewer, name: null)) is not null)
            Assert.InRange(++issued, 1, 1000);
        _time.Advance(OneTimeTokens.Lifetime);
        Assert.NotNull(_tokens.Issue(Roles.Viewer, name: null));
        Assert.NotNull(_tokens.Peek(First));
    }

    [Fact]
    public async Task Token_PresentedByManyAtOnce_LetsOneIn()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var presented = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            await gate.Task;
            return _tokens.Use(First);
        })).ToList();
        gate.SetResult();
        Assert.Single(await Task.WhenAll(presented), static invitation => invitation is not null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nothing-of-the-kind")]
    public void Token_ThatIsNone_OpensNothing(string? text) => Assert.Null(_tokens.Use(text));
}
