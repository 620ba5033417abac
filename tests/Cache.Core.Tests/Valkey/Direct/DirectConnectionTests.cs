using System.Text;
using Cache.Core.Tests.Coherence;
using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Direct;

/// <summary>Replies stay in step with requests, whatever the callers and the server do.</summary>
public sealed class DirectConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ScriptedServer _server = new();
    private DirectConnection? _connection;

    public async Task InitializeAsync()
    {
        _server.Answers["GET"] = string.Empty;
        _connection = await DirectConnection.OpenAsync(_server.Address, mustBePrimary: false, _server.Options(), TimeProvider.System, default);
    }

    public async Task DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Replies_InTheirOrder_GoToThoseWhoAsked()
    {
        DirectAsk[] asks = [Ask("a"), Ask("b"), Ask("c")];
        await _server.ReceivedAsync("GET", 3);

        await _server.SayAsync("+one\r\n$3\r\ntwo\r\n$-1\r\n");

        Assert.Equal("one", (await AnswerAsync(asks[0])).Text);
        Assert.Equal("two", (await AnswerAsync(asks[1])).Text);
        Assert.Equal(RespKind.Null, (await AnswerAsync(asks[2])).Kind);
        Assert.True(_connection!.IsIdle);
    }

    [Fact]
    public async Task Reply_InPieces_IsReadAsSent()
    {
        var ask = Ask("a");
        foreach (var piece in "$11\r\nhello world\r\n")
        {
            await _server.SayAsync(piece.ToString());
            await Task.Yield();
        }

        Assert.Equal("hello world", (await AnswerAsync(ask)).Text);
    }

    [Fact]
    public async Task CallerThatLeft_LeavesItsPlace()
    {
        var left = Ask("left");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.Task.WaitAsync(new CancellationToken(canceled: true)));
        var stays = Ask("stays");

        await _server.SayAsync("+for the one that left\r\n+for the one that stays\r\n");

        Assert.Equal("for the one that stays", (await AnswerAsync(stays)).Text);
    }

    [Fact]
    public async Task ErrorReply_IsAnAnswer()
    {
        var ask = _connection!.TrySend(RespCommand.Encode("GET", "a"), replies: 2)!;
        await _server.SayAsync("-ERR no\r\n:7\r\n");

        var answer = await ask.Task.WaitAsync(Limit);

        Assert.Equal(("ERR", 7L), (answer[0].ErrorCode, answer[1].Number));
    }

    [Fact]
    public async Task CutInTheMiddleOfAReply_EndsAllThatWait_AndTheConnection()
    {
        DirectAsk[] asks = [Ask("a"), Ask("b")];
        await _server.ReceivedAsync("GET", 2);
        await _server.SayAsync("$10\r\nabc");

        _server.Drop();

        foreach (var ask in asks)
            await Assert.ThrowsAsync<IOException>(() => ask.Task.WaitAsync(Limit));
        await _connection!.Closed.WaitAsync(Limit);
        Assert.Null(_connection.TrySend(RespCommand.Encode("GET", "c"), 1));
    }

    [Theory]
    [InlineData("+mine\r\n+nobody's\r\n")]
    [InlineData("this is no reply\r\n")]
    public async Task WhatIsNoReplyOfOurs_EndsTheConnection(string said)
    {
        var ask = Ask("a");
        await _server.SayAsync(said);

        await _connection!.Closed.WaitAsync(Limit);
        Assert.True(ask.Task.IsCompleted || await Task.WhenAny(ask.Task, Task.Delay(Limit)) == ask.Task);
    }

    [Fact]
    public async Task Closed_WhileAReadIsUnderWay_EndsWhatWaits()
    {
        var ask = Ask("a");
        await _server.ReceivedAsync("GET");

        _connection!.Close(new TimeoutException());

        await Assert.ThrowsAsync<IOException>(() => ask.Task.WaitAsync(Limit));
    }

    [Fact]
    public void ServerThatAnswersNothing_IsSentNoMoreThanFits()
    {
        var request = RespCommand.Encode("GET", new string('k', 1000));
        var sent = 0;
        while (_connection!.TrySend(request, 1) is not null)
            sent += request.Length;

        Assert.InRange(sent, DirectConnection.MostUnanswered - request.Length, DirectConnection.MostUnanswered);
    }

    [Fact]
    public async Task Replica_IsRefused_WhereThePrimaryIsWanted()
    {
        _server.Answers["ROLE"] = "*1\r\n$5\r\nslave\r\n";

        await Assert.ThrowsAsync<RespProtocolException>(
            () => DirectConnection.OpenAsync(_server.Address, mustBePrimary: true, _server.Options(), TimeProvider.System, default));
    }

    [Theory]
    [InlineData("AUTH", "-WRONGPASS the-password is wrong\r\n", "WRONGPASS")]
    [InlineData("PING", "-LOADING Valkey is loading the dataset in memory\r\n", "LOADING")]
    public async Task ServerThatRefuses_IsNamedByItsCode_AndNothingElse(string command, string answer, string code)
    {
        _server.Answers[command] = answer;

        var refused = await Assert.ThrowsAsync<RespProtocolException>(
            () => DirectConnection.OpenAsync(_server.Address, mustBePrimary: false, _server.Options(), TimeProvider.System, default));

        Assert.Contains(code, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-password", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatNeverAnswers_IsGivenUpAfterTheDialTimeout()
    {
        _server.Answers["PING"] = string.Empty;
        var options = _server.Options();
        options.DialTimeout = TimeSpan.FromMilliseconds(200);

        await Assert.ThrowsAnyAsync<Exception>(
            () => DirectConnection.OpenAsync(_server.Address, mustBePrimary: false, options, TimeProvider.System, default).WaitAsync(Limit));
    }

    private DirectAsk Ask(string key) => _connection!.TrySend(RespCommand.Encode("GET", key), replies: 1)!;

    private static async Task<RespValue> AnswerAsync(DirectAsk ask) => (await ask.Task.WaitAsync(Limit))[0];
}
